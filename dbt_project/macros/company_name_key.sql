{#-
    A company's name without case, punctuation and the legal forms at its end, to compare it with:
    'Acme Co., Ltd.' and 'ACME' are one. `pattern` is the column of cfg_identity_limits.
-#}
{% macro company_name_key(name, pattern) -%}
    nullif(trim(regexp_replace({{ spaced_words(name) }}, {{ pattern }}, ' ')), '')
{%- endmacro %}
