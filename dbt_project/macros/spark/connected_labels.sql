{#-
    The rounds of connected_labels on Spark. Each reads the one before it 15 times, and Spark writes a
    CTE out wherever it is read: ten rounds would be 15 to the tenth power. So each round's steps are
    tables, and the rounds end with the first that changes no label: further ones would not either.
    The tables stay beside the model's until the next build, for nothing tells when it has been read.
-#}
{% macro spark__connected_labels(edges, rounds) -%}
    {%- set last = namespace(table=spark_beside(this, '__labels_0'), is_settled=false) -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set links = spark_beside(this, '__links') -%}
        {%- set told = spark_beside(this, '__told') -%}
        {%- set heard = spark_beside(this, '__heard') -%}
        {%- do spark_keep(links, 'with edges as (' ~ edges ~ ') ' ~ links_of('edges')) -%}
        {%- do spark_keep(last.table, 'select distinct links.node, links.node as label from ' ~ links ~ ' as links') -%}
        {%- for round in range(1, rounds + 1) -%}
            {%- if not last.is_settled -%}
                {%- set next = spark_beside(this, '__labels_' ~ round) -%}
                {%- set nearest = '(' ~ nearest_labels(links, last.table) ~ ')' -%}
                {%- do spark_keep(told, told_labels(nearest, last.table)) -%}
                {%- do spark_keep(heard, heard_labels(told, last.table)) -%}
                {%- do spark_keep(next, jumped_labels(heard)) -%}
                {%- set changed = 'select 1 from ' ~ next ~ ' as new inner join ' ~ last.table
                    ~ ' as old on new.node = old.node where new.label <> old.label limit 1' -%}
                {%- set last.is_settled = run_query(changed).rows | length == 0 -%}
                {%- do run_query('drop table ' ~ last.table) -%}
                {%- set last.table = next -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for table in (links, told, heard) -%}
            {%- do run_query('drop table ' ~ table) -%}
        {%- endfor -%}
        {#- One name whatever the number of rounds: the next build finds it. -#}
        {%- set settled = spark_beside(this, '__labels') -%}
        {%- do run_query('drop table if exists ' ~ settled) -%}
        {%- do run_query('alter table ' ~ last.table ~ ' rename to ' ~ settled) -%}
    {%- endif -%}
labels as (
    select settled.node, settled.label from {{ spark_beside(this, '__labels') }} as settled
)
{%- endmacro %}
