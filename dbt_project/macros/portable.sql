{#- What engines spell differently. `default__` is DuckDB; another engine adds its own beside it. -#}

{#- A UTC instant from ISO 8601 text. -#}
{% macro instant(iso_text) -%}
    {{ return(adapter.dispatch('instant', 'leadcycle')(iso_text)) }}
{%- endmacro %}
{% macro default__instant(iso_text) -%} cast('{{ iso_text }}' as timestamptz) {%- endmacro %}

{#- The type of an instant, for casts. -#}
{% macro instant_type() -%}
    {{ return(adapter.dispatch('instant_type', 'leadcycle')()) }}
{%- endmacro %}
{% macro default__instant_type() -%} timestamptz {%- endmacro %}

{#- Seconds from one instant to another, as a double. -#}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('seconds_between', 'leadcycle')(earlier, later)) }}
{%- endmacro %}
{% macro default__seconds_between(earlier, later) -%} (epoch({{ later }}) - epoch({{ earlier }})) {%- endmacro %}

{#- Days of 24 hours from one instant to another, as a double. -#}
{% macro days_between(earlier, later) -%} ({{ seconds_between(earlier, later) }} / 86400.0) {%- endmacro %}

{#- An instant so many days of 24 hours after another. -#}
{% macro add_days(from_instant, days) -%}
    {{ return(adapter.dispatch('add_days', 'leadcycle')(from_instant, days)) }}
{%- endmacro %}
{% macro default__add_days(from_instant, days) -%}
    ({{ from_instant }} + to_microseconds(cast({{ days }} * 86400000000.0 as bigint)))
{%- endmacro %}

{#- The first instant of a month, `months` after the month of a date. -#}
{% macro add_months(first_day, months) -%}
    {{ return(adapter.dispatch('add_months', 'leadcycle')(first_day, months)) }}
{%- endmacro %}
{% macro default__add_months(first_day, months) -%}
    cast({{ first_day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{#- Two to the power of x. -#}
{% macro pow2(exponent) -%} power(cast(2 as double), {{ exponent }}) {%- endmacro %}

{#- Texts of a group joined in an order. -#}
{% macro string_agg(expression, separator, order_by) -%}
    {{ return(adapter.dispatch('string_agg', 'leadcycle')(expression, separator, order_by)) }}
{%- endmacro %}
{% macro default__string_agg(expression, separator, order_by) -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{#- The middle value of a group; NULL for an empty one. -#}
{% macro median(expression) -%} median({{ expression }}) {%- endmacro %}

{#- A short stable id from text: 16 hexadecimal digits. -#}
{% macro hash(expression) -%} substr(md5({{ expression }}), 1, 16) {%- endmacro %}

{#- The first value that is not NULL along the window `by_preference`, which the query defines. -#}
{% macro first_known(column) -%}
    {{ return(adapter.dispatch('first_known', 'leadcycle')(column)) }}
{%- endmacro %}
{% macro default__first_known(column) -%} first_value({{ column }} ignore nulls) over by_preference {%- endmacro %}

{#- Every column of a relation except some. -#}
{% macro all_but(columns, relation) -%}
    {{ return(adapter.dispatch('all_but', 'leadcycle')(columns, relation)) }}
{%- endmacro %}
{% macro default__all_but(columns, relation) -%}
    {{ relation }}.* exclude ({{ columns | join(', ') }})
{%- endmacro %}

{#- A select of (key, value): one row for each part of a separated text; blanks are left out. -#}
{% macro split_rows(relation, key, column, separator) -%}
    {{ return(adapter.dispatch('split_rows', 'leadcycle')(relation, key, column, separator)) }}
{%- endmacro %}
{% macro default__split_rows(relation, key, column, separator) -%}
    select parts.{{ key }}, trim(parts.part) as part
    from (
        select {{ key }}, unnest(string_split({{ column }}, '{{ separator }}')) as part
        from {{ relation }}
        where {{ column }} is not null
    ) as parts
    where trim(parts.part) <> ''
{%- endmacro %}

{#- A CTE that is computed once although many others read it. -#}
{% macro computed_once() -%}
    {{ return(adapter.dispatch('computed_once', 'leadcycle')()) }}
{%- endmacro %}
{% macro default__computed_once() -%} materialized {%- endmacro %}

{#- Puts a query's rows in the place of a table, whole or not at all. -#}
{% macro replace_table(table, query) -%}
    {{ return(adapter.dispatch('replace_table', 'leadcycle')(table, query)) }}
{%- endmacro %}
{% macro default__replace_table(table, query) -%}
    {%- do run_query('create or replace table ' ~ table ~ ' as ' ~ query) -%}
{%- endmacro %}

{#- The names of a schema's tables. -#}
{% macro table_names(schema) -%}
    {{ return(adapter.dispatch('table_names', 'leadcycle')(schema)) }}
{%- endmacro %}
{% macro default__table_names(schema) -%}
    {%- set named = run_query("select table_name from information_schema.tables where table_schema = '" ~ schema ~ "'") -%}
    {{ return(named.columns[0].values()) }}
{%- endmacro %}
{#- A fingerprint of a row: the hash of all its columns. -#}
{% macro row_hash(alias) -%}
    {{ return(adapter.dispatch('row_hash', 'leadcycle')(alias)) }}
{%- endmacro %}
{% macro default__row_hash(alias) -%} hash({{ alias }}) {%- endmacro %}

{#- A fingerprint of a group's rows: the sum of theirs. -#}
{% macro hash_sum(alias) -%} sum({{ row_hash(alias) }}) {%- endmacro %}

{#- The type of a sum of such fingerprints, for casts. -#}
{% macro hash_sum_type() -%}
    {{ return(adapter.dispatch('hash_sum_type', 'leadcycle')()) }}
{%- endmacro %}
{% macro default__hash_sum_type() -%} hugeint {%- endmacro %}

{#- A table of a schema of ours by its name, where `ref` does not lead. Spark's have no database. -#}
{% macro table_named(schema, name) -%}
    {{ return(api.Relation.create(
        database=target.database | default(none), schema=schema, identifier=name, type='table'
    )) }}
{%- endmacro %}
