{#- Seeds on Spark: dbt-spark puts values into its statement as they are, an apostrophe too. -#}

{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- call statement('_') -%}
        create table {{ this }} (
            {%- for name in agate_table.column_names %}
            {{ name }} {{ spark_type(types.get(name, 'string')) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) using parquet
    {%- endcall -%}
    {{ return('') }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- for chunk in agate_table.rows | batch(5000) -%}
        {%- call statement('rows_' ~ loop.index) -%}
            insert into {{ this }}
            select
                {%- for name in agate_table.column_names %}
                cast({{ name }} as {{ spark_type(types.get(name, 'string')) }}){{ ',' if not loop.last }}
                {%- endfor %}
            from values
            {%- for row in chunk %}
                (
                {%- for value in row -%}
                    {{ 'null' if value is none else spark_text(value) }}{{ ', ' if not loop.last }}
                {%- endfor -%}
                ){{ ',' if not loop.last }}
            {%- endfor %}
            as rows ({{ agate_table.column_names | join(', ') }})
        {%- endcall -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
