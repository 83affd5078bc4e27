{#-
    Keeps base.<crm>__<object> for every stream of `lake_loads` that no model covers: the custom
    objects of a company, by the same rule as the base models. Runs at the end of a build; a table
    is made anew where a load is newer than it. Returns nothing to run.
-#}
{% macro keep_custom_objects() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set covered = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
            | map(attribute='name') | list -%}
        {%- for stream in var('lake_loads', {}) if stream not in covered -%}
            {%- do keep_current_versions(stream) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro keep_current_versions(stream) -%}
    {%- set table = api.Relation.create(database=target.database, schema='base', identifier=stream, type='table') -%}
    {%- set kept = load_relation(table) -%}
    {%- set is_old = kept is none or flags.FULL_REFRESH -%}
    {%- if not is_old -%}
        {%- set newer -%}
            select (select max(_load_id) from {{ landing(stream) }}) > (select coalesce(max(_load_id), -1) from {{ kept }})
        {%- endset -%}
        {%- set is_old = run_query(newer).rows[0][0] -%}
    {%- endif -%}
    {%- if is_old -%}
        {%- do run_query('create schema if not exists base') -%}
        {%- do run_query('drop table if exists ' ~ table) -%}
        {%- do run_query('create table ' ~ table ~ ' as with ' ~ newest_versions(stream) ~ ' select * from newest') -%}
    {%- endif -%}
{%- endmacro %}
