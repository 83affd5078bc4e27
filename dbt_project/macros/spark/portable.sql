{#- Spark's spelling of what portable.sql, portable_text.sql and portable_json.sql name. Its regular expressions are Java's. -#}

{% macro spark__instant(iso_text) -%} cast('{{ iso_text }}' as timestamp) {%- endmacro %}

{% macro spark__instant_type() -%} timestamp {%- endmacro %}

{#- As doubles before they are subtracted, as DuckDB does it: the last digits are then the same. -#}
{% macro spark__seconds_between(earlier, later) -%}
    (cast(unix_micros({{ later }}) as double) / 1e6 - cast(unix_micros({{ earlier }}) as double) / 1e6)
{%- endmacro %}

{% macro spark__add_months(first_day, months) -%}
    add_months({{ first_day }}, cast({{ months }} as integer))
{%- endmacro %}

{% macro spark__string_agg(expression, separator, order_by) -%}
    listagg({{ expression }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}

{% macro spark__first_known(column) -%} first_value({{ column }}) ignore nulls over by_preference {%- endmacro %}

{% macro spark__all_but(columns, relation) -%} {{ relation }}.* except ({{ columns | join(', ') }}) {%- endmacro %}

{% macro spark__split_rows(relation, key, column, separator) -%}
    select parts.{{ key }}, trim(parts.part) as part
    from (
        select {{ key }}, explode(split({{ column }}, r'\Q{{ separator }}\E')) as part
        from {{ relation }}
        where {{ column }} is not null
    ) as parts
    where trim(parts.part) <> ''
{%- endmacro %}

{% macro spark__unnest_objects(relation, keys, column, shape) -%}
    {%- set fields = [] -%}
    {%- for field, type in shape.items() -%}
        {%- do fields.append(field ~ ': ' ~ spark_type(type)) -%}
    {%- endfor -%}
    select {{ keys | join(', ') }}, inline(from_json({{ column }}, 'array<struct<{{ fields | join(', ') }}>>'))
    from {{ relation }}
{%- endmacro %}

{#- Spark computes what it reads twice twice; what would be read too often is a table (connected_labels). -#}
{% macro spark__computed_once() -%} {%- endmacro %}

{% macro spark__replace_table(table, query) -%} {%- do spark_put_in_place(table, query) -%} {%- endmacro %}

{% macro spark__table_names(schema) -%}
    {{ return(run_query('show tables in ' ~ schema).columns['tableName'].values()) }}
{%- endmacro %}

{% macro spark__spaced_words(expression) -%}
    ' ' || trim(regexp_replace(lower({{ expression }}), r'[^\p{L}\p{N}]+', ' ')) || ' '
{%- endmacro %}

{% macro spark__digits(expression) -%} regexp_replace({{ expression }}, '[^0-9]', '') {%- endmacro %}

{% macro spark__plain_letters(expression) -%}
    regexp_replace({{ without_accents(expression) }}, r'[^\p{L}]', '')
{%- endmacro %}

{% macro spark__name_words(expression) -%}
    nullif(' ' || trim(regexp_replace({{ without_accents(expression) }}, r'[^\p{L}\p{N}]+', ' ')) || ' ', '  ')
{%- endmacro %}

{#- A combining accent that stands by itself goes, as DuckDB's strip_accents takes it. -#}
{% macro spark__without_accents(expression) -%}
    regexp_replace({{ spark_bare_letters('lower(' ~ expression ~ ')') }}, r'\p{Mn}', '')
{%- endmacro %}

{% macro spark__decimal_or_null(expression) -%} try_cast({{ expression }} as decimal(18, 2)) {%- endmacro %}

{#- From '51.7' Spark makes no whole number by itself. -#}
{% macro spark__whole_number_or_null(expression) -%}
    try_cast(round(try_cast({{ expression }} as decimal(28, 9)), 0) as bigint)
{%- endmacro %}

{#- A time of day alone is an instant of today for Spark. -#}
{% macro spark__date_or_null(expression) -%}
    case
        when {{ expression }} rlike '^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}'
            then cast(try_cast({{ expression }} as timestamp) as date)
    end
{%- endmacro %}

{#- A NULL has no name in the text of a row: what is left tells it from any other. Unasked, instants go without microseconds. -#}
{% macro spark__row_hash(alias) -%}
    cast(xxhash64(
        to_json(struct({{ alias }}.*), map('timestampFormat', "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"))
    ) as decimal(38, 0))
{%- endmacro %}

{% macro spark__hash_sum_type() -%} decimal(38, 0) {%- endmacro %}

{% macro spark__add_days(from_instant, days) -%}
    timestampadd(microsecond, cast({{ days }} * 86400000000.0 as bigint), {{ from_instant }})
{%- endmacro %}

{% macro spark__all_fields(relation) -%} to_json(struct({{ relation }}.*)) {%- endmacro %}

{% macro spark__field_named(fields, name) -%} get_json_object({{ fields }}, concat("$['", {{ name }}, "']")) {%- endmacro %}
