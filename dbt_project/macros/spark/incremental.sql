{#-
    Tables that a build adds to, on Spark. A Parquet table has no delete: the rows that stay and the
    new ones become a table of their own, which then takes the old one's place. Spark knows no
    transaction over both steps: killed between them, the build finds the table missing, and makes it
    from the whole lake again.
-#}
{% materialization incremental, adapter='spark' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_relation(this) -%}
    {%- set news = spark_beside(this, '__news') -%}
    {%- set query = spark_as_promised(compiled_code) -%}

    {{ run_hooks(pre_hooks) }}

    {%- if existing is none -%}
        {%- do spark_keep(this, query) -%}
    {%- elif should_full_refresh() -%}
        {%- do spark_put_in_place(this, query) -%}
    {%- else -%}
        {%- do spark_keep(news, query) -%}
        {%- if rows_go() or run_query('select 1 from ' ~ news ~ ' limit 1').rows | length > 0 -%}
            {%- set columns = spark_columns(existing, news) -%}
            {%- set all_rows -%}
                {{ kept_rows(existing, news, columns) }}
                union all
                select {{ columns.in_news | join(', ') }} from {{ news }} as news
            {%- endset -%}
            {%- do spark_put_in_place(this, all_rows) -%}
        {%- endif -%}
        {%- do run_query('drop table if exists ' ~ news) -%}
    {%- endif -%}
    {%- call noop_statement('main', 'OK') -%}{%- endcall -%}

    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- A model's query with the columns and types of its contract, if it has one. -#}
{% macro spark_as_promised(query) -%}
    {%- if config.get('contract').enforced -%}
        {%- do get_assert_columns_equivalent(query) -%}
        {{ return(get_select_subquery(query)) }}
    {%- endif -%}
    {{ return(query) }}
{%- endmacro %}

{#-
    A select of the old rows that stay beside the new ones, by the model's incremental strategy. A
    strategy of another kind is a branch here.
-#}
{% macro kept_rows(existing, news, columns) -%}
    {%- set strategy = config.get('incremental_strategy') -%}
    {%- if strategy == 'delete+insert' -%}
        {%- set keys = config.get('unique_key') -%}
        {%- set keys = [keys] if keys is string else keys -%}
        select {{ columns.in_existing | join(', ') }}
        from {{ existing }} as kept
        left anti join {{ news }} as news
            on {% for key in keys %}kept.{{ key }} = news.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    {%- elif strategy == 'recomputed' -%}
        {%- set key = config.get('unique_key') -%}
        select {{ columns.in_existing | join(', ') }}
        from {{ existing }} as kept
        {%- if has_standing() %}
        left anti join {{ touched_keys(key) }} as touched on kept.{{ key }} = touched.{{ key }}
        {%- else %}
        where false
        {%- endif %}
    {%- else -%}
        {{ exceptions.raise_compiler_error('kept_rows knows no incremental strategy ' ~ strategy ~ ' on Spark') }}
    {%- endif -%}
{%- endmacro %}

{#- Whether old rows may go although no new ones come. -#}
{% macro rows_go() -%} {{ return(config.get('incremental_strategy') == 'recomputed') }} {%- endmacro %}

{#- The columns of both tables, the old one's first: what one of them lacks is NULL in its rows. -#}
{% macro spark_columns(existing, news) -%}
    {%- set old = {} -%}
    {%- set new = {} -%}
    {%- for column in adapter.get_columns_in_relation(existing) -%}
        {%- do old.update({column.name: column.dtype}) -%}
    {%- endfor -%}
    {%- for column in adapter.get_columns_in_relation(news) -%}
        {%- do new.update({column.name: column.dtype}) -%}
    {%- endfor -%}
    {%- set in_existing = [] -%}
    {%- set in_news = [] -%}
    {%- for name in old.keys() | list + new.keys() | reject('in', old) | list -%}
        {%- set type = old[name] if name in old else new[name] -%}
        {%- do in_existing.append(
            'kept.' ~ adapter.quote(name) if name in old
            else 'cast(null as ' ~ type ~ ') as ' ~ adapter.quote(name)
        ) -%}
        {%- do in_news.append(
            'cast(news.' ~ adapter.quote(name) ~ ' as ' ~ type ~ ') as ' ~ adapter.quote(name) if name in new
            else 'cast(null as ' ~ type ~ ') as ' ~ adapter.quote(name)
        ) -%}
    {%- endfor -%}
    {{ return({'in_existing': in_existing, 'in_news': in_news}) }}
{%- endmacro %}

{% macro spark_beside(relation, suffix) -%}
    {{ return(api.Relation.create(schema=relation.schema, identifier=relation.identifier ~ suffix, type='table')) }}
{%- endmacro %}

{#- Makes a table of a query's rows, in the place of one of that name. -#}
{% macro spark_keep(table, query) -%}
    {%- do run_query('drop table if exists ' ~ table) -%}
    {%- do run_query('create table ' ~ table ~ ' using parquet as ' ~ query) -%}
{%- endmacro %}

{#- Makes a table aside, and lets it take the place of the old one once it is whole. -#}
{% macro spark_put_in_place(table, query) -%}
    {%- set aside = spark_beside(table, '__aside') -%}
    {%- do spark_keep(aside, query) -%}
    {%- do run_query('drop table if exists ' ~ table) -%}
    {%- do run_query('alter table ' ~ aside ~ ' rename to ' ~ table) -%}
{%- endmacro %}
