{#- The id that a person has whose first record is this one. -#}
{% macro person_id(record_key) -%} 'p_' || {{ hash(record_key) }} {%- endmacro %}
