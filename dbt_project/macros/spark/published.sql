{#-
    Whoever reads the tables of marts and sync on Spark reads their files (pipelines/spark.py), and a
    view has none: there it is a table, made anew by each build, as what a view says changes with
    time alone.
-#}
{% materialization view, adapter='spark' %}
    {%- if model.schema in ('marts', 'sync') -%}
        {{ return(materialization_table_spark()) }}
    {%- else -%}
        {{ return(create_or_replace_view()) }}
    {%- endif -%}
{% endmaterialization %}
