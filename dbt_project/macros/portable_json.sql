{#- What engines spell differently about JSON, as in portable.sql. -#}

{#-
    A select of the keys and of an object's fields: one row for each object of a JSON list. `shape`
    gives the type of each field.
-#}
{% macro unnest_objects(relation, keys, column, shape) -%}
    {{ return(adapter.dispatch('unnest_objects', 'leadcycle')(relation, keys, column, shape)) }}
{%- endmacro %}
{% macro default__unnest_objects(relation, keys, column, shape) -%}
    select
        {%- for key in keys %}
        parts.{{ key }},
        {%- endfor %}
        {%- for field in shape %}
        parts.part.{{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select {{ keys | join(', ') }}, unnest(from_json({{ column }}, '{{ tojson([shape]) }}')) as part
        from {{ relation }}
    ) as parts
{%- endmacro %}

{#- All fields of a row of a relation as one text, and a field of it by a name that only the rules know. -#}
{% macro all_fields(relation) -%}
    {{ return(adapter.dispatch('all_fields', 'leadcycle')(relation)) }}
{%- endmacro %}
{% macro default__all_fields(relation) -%} to_json({{ relation }}) {%- endmacro %}

{#- NULL where the row has no such field. -#}
{% macro field_named(fields, name) -%}
    {{ return(adapter.dispatch('field_named', 'leadcycle')(fields, name)) }}
{%- endmacro %}
{% macro default__field_named(fields, name) -%}
    json_extract_string({{ fields }}, '$."' || {{ name }} || '"')
{%- endmacro %}
