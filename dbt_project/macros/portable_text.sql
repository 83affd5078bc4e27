{#- What engines spell differently about texts, as in portable.sql. -#}

{#- Lower-case words with one space around each, so that ' cto ' is not found in 'director'. -#}
{% macro spaced_words(expression) -%}
    {{ return(adapter.dispatch('spaced_words', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__spaced_words(expression) -%}
    ' ' || trim(regexp_replace(lower({{ expression }}), '[^\p{L}\p{N}]+', ' ', 'g')) || ' '
{%- endmacro %}

{#- The digits of a text, in their order. -#}
{% macro digits(expression) -%}
    {{ return(adapter.dispatch('digits', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__digits(expression) -%} regexp_replace({{ expression }}, '[^0-9]', '', 'g') {%- endmacro %}

{#- The letters of a name in lower case without accents, blanks and full stops. -#}
{% macro plain_letters(expression) -%}
    {{ return(adapter.dispatch('plain_letters', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__plain_letters(expression) -%}
    regexp_replace({{ without_accents(expression) }}, '[^\p{L}]', '', 'g')
{%- endmacro %}

{#- The words of a name in lower case without accents, one blank around each; NULL where there is none. -#}
{% macro name_words(expression) -%}
    {{ return(adapter.dispatch('name_words', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__name_words(expression) -%}
    nullif(' ' || trim(regexp_replace({{ without_accents(expression) }}, '[^\p{L}\p{N}]+', ' ', 'g')) || ' ', '  ')
{%- endmacro %}

{#- A text in lower case, its letters without accents. -#}
{% macro without_accents(expression) -%}
    {{ return(adapter.dispatch('without_accents', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__without_accents(expression) -%}
    translate(strip_accents(lower({{ expression }})), 'øłıđßæœ', 'olidsao')
{%- endmacro %}

{#- Digits of a telephone number, if they are enough for one: `00` before a country code is a `+`. -#}
{% macro phone_digits(expression) -%}
    case when length({{ expression }}) >= 8 then regexp_replace({{ expression }}, '^00', '') end
{%- endmacro %}

{#- An amount from text, to the cent; NULL where the text is none. -#}
{% macro decimal_or_null(expression) -%}
    {{ return(adapter.dispatch('decimal_or_null', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__decimal_or_null(expression) -%} try_cast({{ expression }} as decimal(18, 2)) {%- endmacro %}

{#- The UTC day of an instant in ISO 8601 text, or of a plain date; NULL where the text is neither. -#}
{% macro date_or_null(expression) -%}
    {{ return(adapter.dispatch('date_or_null', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__date_or_null(expression) -%} cast(try_cast({{ expression }} as timestamptz) as date) {%- endmacro %}

{#- A whole number from text; NULL where the text is none. -#}
{% macro whole_number_or_null(expression) -%}
    {{ return(adapter.dispatch('whole_number_or_null', 'leadcycle')(expression)) }}
{%- endmacro %}
{% macro default__whole_number_or_null(expression) -%} try_cast({{ expression }} as bigint) {%- endmacro %}
