{#- The instant that a run looks from. Nothing in the project reads a clock. -#}
{% macro as_of() -%}
    {%- set as_of = var('as_of', none) -%}
    {%- if as_of is none and execute -%}
        {{ exceptions.raise_compiler_error("var 'as_of' is missing: pass the CRM's own time, e.g. 2026-06-30T12:00:00Z") }}
    {%- endif -%}
    {{ instant(as_of or '1970-01-01T00:00:00Z') }}
{%- endmacro %}
