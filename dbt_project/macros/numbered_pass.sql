{#- The nth entry into a stage, as text: `lead-02`. At least two digits, and no highest number. -#}
{% macro numbered_pass(name, number) -%}
    {{ name }} || '-' || case when {{ number }} < 10 then '0' else '' end || cast({{ number }} as string)
{%- endmacro %}
