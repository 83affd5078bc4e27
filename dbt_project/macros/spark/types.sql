{#- What dbt itself does otherwise on Spark, where a contract or a seed names a type as DuckDB does. -#}

{#- Spark's name of a type. -#}
{% macro spark_type(name) -%}
    {{ return({'varchar': 'string', 'timestamptz': 'timestamp'}.get(name | lower, name)) }}
{%- endmacro %}

{#- A text between quotation marks; Spark reads a backslash as the beginning of an escape. -#}
{% macro spark_text(value) -%}
    {{ return("'" ~ (value | string | replace('\\', '\\\\') | replace("'", "\\'")) ~ "'") }}
{%- endmacro %}

{#- A contract demands the columns' names; what is kept is cast to its types, as Spark counts in int. -#}
{% macro spark__get_assert_columns_equivalent(sql) -%}
    {%- set demanded = model['columns'].keys() | sort -%}
    {%- set given = get_column_schema_from_query(sql, config.get('sql_header', none)) | map(attribute='name') | sort -%}
    {%- if demanded != given -%}
        {{ exceptions.raise_compiler_error(
            'The contract of ' ~ this ~ ' demands ' ~ demanded | join(', ') ~ ', and it has ' ~ given | join(', ')
        ) }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__get_select_subquery(sql) -%}
    select
        {%- for name, column in model['columns'].items() %}
        cast({{ name }} as {{ spark_type(column['data_type']) }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        {{ sql }}
    ) as built
{%- endmacro %}
