{#- The digits of a telephone number as somebody wrote it, without its extension and a trunk prefix in brackets. -#}
{% macro written_digits(column) -%}
    {#- `x12` or ` ext. 12` at the end; the x of a word before the number, such as fax, is none. -#}
    {%- set bare = "regexp_replace(lower(" ~ column ~ "), '[ ,;/-]+(x|ext[a-z]*)[.:]? *[0-9]{1,6} *$', '')" -%}
    {{ digits("replace(regexp_replace(" ~ bare ~ ", 'x[0-9]{1,6} *$', ''), '(0)', '')") }}
{%- endmacro %}

{#-
    A telephone number as E.164 writes it (+8613800138000), from a text, its digits (`phone_digits`) and what
    the country of its record says: `calling_code` and `trunk_prefix`, NULL where the country is not known.
    Its digits alone where it can't be told; NULL for what is too short to be a number.
-#}
{% macro international_number(column, digits, calling_code, trunk_prefix) -%}
    case
        when position('+' in {{ column }}) > 0 or trim({{ column }}) like '00%' then '+' || {{ digits }}
        when {{ calling_code }} is null then {{ digits }}
        when {{ trunk_prefix }} <> '' and {{ digits }} like {{ trunk_prefix }} || '%'
            then '+' || {{ calling_code }} || substr({{ digits }}, length({{ trunk_prefix }}) + 1)
        when {{ digits }} like {{ calling_code }} || '%' and length({{ digits }}) >= 11 then '+' || {{ digits }}
        else '+' || {{ calling_code }} || {{ digits }}
    end
{%- endmacro %}
