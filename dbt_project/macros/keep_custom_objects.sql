{#-
    Makes base.<crm>__<object> of a stream that no model covers, a custom object of a company, by
    the same rule as the base models. An operation of its own, so that an odd one fails alone; a
    table is made anew where a load is newer than it, and stands as it was where that fails.
-#}
{% macro keep_custom_object(stream) -%}
    {%- set table = base_table(stream) -%}
    {%- set kept = load_relation(table) -%}
    {%- set is_old = kept is none -%}
    {%- if not is_old -%}
        {%- set newer -%}
            select (select max(_load_id) from {{ landing(stream) }}) > (select coalesce(max(_load_id), -1) from {{ kept }})
        {%- endset -%}
        {%- set is_old = run_query(newer).rows[0][0] -%}
    {%- endif -%}
    {%- if is_old -%}
        {%- do adapter.create_schema(table) -%}
        {%- do replace_table(table, 'with ' ~ newest_versions(stream) ~ ' select * from newest') -%}
    {%- endif -%}
{%- endmacro %}

{#-
    Removes the tables of base that neither a model nor a stream of `lake_loads` stands for: an
    object that is read no longer would answer as if it were. Runs at the end of a build.
-#}
{% macro drop_unread_objects() -%}
    {%- if execute and flags.WHICH in ('build', 'run') and var('lake_loads', {}) -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
            | map(attribute='name') | list -%}
        {%- for name in table_names('base') -%}
            {%- if name not in models and name not in var('lake_loads') -%}
                {%- do run_query(get_drop_sql(base_table(name))) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro base_table(stream) -%}
    {{ return(table_named('base', stream)) }}
{%- endmacro %}
