{#-
    A stream's loads on Spark. Spark takes loads whose columns have other types for broken ones, and
    DuckDB takes the type that fits all: `lake_shapes` says what DuckDB sees (pipelines/spark.py), so
    that both engines read the same. Loads of the same columns are read by one pattern of paths.
-#}
{% macro spark__landing(stream, loads) -%}
    {%- set shape = var('lake_shapes', {}).get(stream) -%}
    {%- if not execute -%}
    (select 1 as _load_id)
    {%- elif shape is none -%}
        {{ exceptions.raise_compiler_error("var 'lake_shapes' does not say what columns " ~ stream ~ ' has') }}
    {%- else -%}
    (
        {%- for group in shape['groups'] %}
        select
            {%- for name, type in shape['columns'].items() %}
            cast({{ adapter.quote(name) if name in group['columns'] else 'null' }} as {{ type }})
                as {{ adapter.quote(name) }}{{ ',' if not loop.last }}
            {%- endfor %}
        from parquet.`{{ group['pattern'] }}`
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    )
    {%- endif -%}
{%- endmacro %}
