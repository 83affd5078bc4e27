{#- A folder's schema is the layer's name and nothing else, so that readers need not know the target. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
