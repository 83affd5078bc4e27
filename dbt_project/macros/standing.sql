{#-
    What the warehouse stands at since the last build that finished whole: the schema `standing` has
      loads          (stream, load_id): the newest load that every table has taken in
      person_inputs  (person_id, inputs_hash): what each person's rows were made from
      due            (person_id, due_at): whose rows change by themselves, and when
      builds         (standing_key, as_of): the rules and the code that they were made by, and as seen from when
    The tables of `recomputed` models hold the rows of that state, and a build writes anew only what
    differs from it. There is no `builds` from a build's first write to its last: after one that was
    broken, or that had some models only, nobody knows which rows are of which state, and the next
    makes everything anew.
-#}
{% macro standing_table(name) -%}
    {{ return(table_named('standing', name)) }}
{%- endmacro %}

{#- Whether the tables stand at a state made by these rules and this code (`pipelines/standing.py`). -#}
{% macro has_standing() -%} {{ return(var('standing', false)) }} {%- endmacro %}

{#- Whether this run writes only what changed into the model's table. -#}
{% macro recomputes_some() -%} {{ return(has_standing() and is_incremental()) }} {%- endmacro %}

{#- A relation's rows of people whose inputs changed; all of them in a build of everything. -#}
{% macro of_touched_people(relation) -%}
    {#- Known to the graph in either kind of build. -#}
    {%- if not execute -%} {%- do ref('int_touched_people') -%} {%- endif -%}
    {%- if recomputes_some() -%}
        (select * from {{ relation }} where person_id in (select person_id from {{ ref('int_touched_people') }}))
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#- A relation's rows that make touches whose source changed; all of them in a build of everything. -#}
{% macro of_changed_touches(relation, touch_id='touch_id') -%}
    {#- Known to the graph in either kind of build. -#}
    {%- if not execute -%} {%- do ref('int_changed_touches') -%} {%- endif -%}
    {%- if recomputes_some() -%}
        (select * from {{ relation }} where {{ touch_id }} in (select touch_id from {{ ref('int_changed_touches') }}))
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#-
    The incremental strategy `recomputed`: the rows of every touched key go, and what the model makes
    of these keys comes; a key of which nothing is left loses its rows. Where the tables stand at nothing,
    all rows go, and all come. The model's `unique_key` says whose rows they are: `person_id` or
    `touch_id`.
-#}
{% macro get_incremental_recomputed_sql(arg_dict) -%}
    {%- set key = arg_dict['unique_key'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }}
    {%- if has_standing() %}
    where {{ key }} in (select {{ key }} from {{ touched_keys(key) }})
    {%- endif %};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{%- endmacro %}

{% macro touched_keys(key) -%}
    {%- set names = {'person_id': 'int_touched_people', 'touch_id': 'int_changed_touches'} -%}
    {{ return(intermediate_table(names[key])) }}
{%- endmacro %}

{#- A table by name where `ref` cannot be asked: in hooks, and in what a materialization runs. -#}
{% macro intermediate_table(name) -%}
    {{ return(table_named('intermediate', name)) }}
{%- endmacro %}

{#- Begins a build: until one of all models has finished, the tables stand at nothing. -#}
{% macro forget_standing() -%}
    {%- if execute and flags.WHICH in ('build', 'run') and var('lake_loads', {}) -%}
        {%- do run_query('drop table if exists ' ~ standing_table('builds')) -%}
    {%- endif -%}
{%- endmacro %}

{#- Keeps what the tables stand at, after a build of all models in which nothing failed. -#}
{% macro keep_standing(results) -%}
    {%- set key = var('standing_key', none) -%}
    {%- if execute and key and results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list | length == 0 -%}
        {%- do adapter.create_schema(standing_table('builds')) -%}
        {%- do replace_table(standing_table('person_inputs'), 'select * from ' ~ intermediate_table('int_person_inputs')) -%}
        {%- do replace_table(standing_table('loads'), newest_loads()) -%}
        {%- do replace_table(standing_table('due'), what_is_due()) -%}
        {%- do replace_table(standing_table('builds'), "select '" ~ key ~ "' as standing_key, " ~ as_of() ~ ' as as_of') -%}
    {%- endif -%}
{%- endmacro %}

{#- Who falls out of a stage some days after they ceased to fit, though nothing new is read of them. -#}
{% macro what_is_due() -%}
    select distinct
        person_id,
        ended_at as due_at
    from {{ intermediate_table('int_fit_states') }}
    where ended_at > {{ as_of() }}
{%- endmacro %}

{% macro newest_loads() -%}
    {%- set kept = [] -%}
    {%- for stream in var('lake_loads') if load_relation(base_table(stream)) -%}
        {%- do kept.append(
            "select '" ~ stream | replace("'", "''") ~ "' as stream, coalesce(max(_load_id), -1) as load_id from " ~ base_table(stream)
        ) -%}
    {%- endfor -%}
    {{ kept | join(' union all ') }}
{%- endmacro %}

{#- The newest load of a stream that the tables have taken in; before every load comes none. -#}
{% macro standing_load(stream) -%}
    {%- if has_standing() -%}
        (select load_id from {{ standing_table('loads') }} where stream = '{{ stream | replace("'", "''") }}')
    {%- else -%}
        {#- A build of everything asks nobody what is new. -#}
        cast(null as bigint)
    {%- endif -%}
{%- endmacro %}
