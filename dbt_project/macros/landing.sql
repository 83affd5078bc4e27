{#- The rows of a stream's loads. Columns that a load lacks are NULL in its rows. -#}
{% macro landing(stream) -%}
    {%- set loads = var('lake_loads', {}).get(stream, []) -%}
    {%- if execute and not loads -%}
        {{ exceptions.raise_compiler_error("var 'lake_loads' names no load of " ~ stream) }}
    {%- endif -%}
    {{ return(adapter.dispatch('landing', 'leadcycle')(stream, loads)) }}
{%- endmacro %}

{% macro default__landing(stream, loads) -%}
    {%- set quoted = [] -%}
    {%- for load in loads -%}
        {#- DuckDB takes names for patterns: what is special in one stands for itself. -#}
        {%- set exactly = load | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') -%}
        {%- do quoted.append("'" ~ (exactly | replace("'", "''")) ~ "'") -%}
    {%- endfor -%}
    read_parquet([{{ quoted | join(', ') }}], union_by_name => true)
{%- endmacro %}
