{#- The host of a website, lower case, without scheme, `www.`, port and path; NULL for a blank. -#}
{% macro web_domain(column) -%}
    {%- set without_scheme = "regexp_replace(lower(trim(" ~ column ~ ")), '^[a-z]+://', '')" -%}
    {%- set host = "split_part(split_part(" ~ without_scheme ~ ", '/', 1), ':', 1)" -%}
    nullif(regexp_replace({{ host }}, '^www[.]', ''), '')
{%- endmacro %}
