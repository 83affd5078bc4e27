{#-
    The 15 characters that identify a Salesforce record. Ids come as 15 (reports, other systems) or
    18 characters (the API); the last three only repeat the case of the first fifteen.
-#}
{% macro salesforce_id15(column) -%} substr({{ column }}, 1, 15) {%- endmacro %}
