{#-
    A text that somebody gave, trimmed; NULL where there is none. In a field that must not be empty,
    Web-to-Lead writes [not provided] (Salesforce help, article 000171026) and Account Engagement
    [[Unknown]]: names that thousands share, and nobody has.
-#}
{% macro given(column) -%}
case when trim({{ column }}) not like '[%]' then nullif(trim({{ column }}), '') end
{%- endmacro %}
