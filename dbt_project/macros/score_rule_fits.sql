{#- Whether a text (and the number in it, if any) fits a score rule. `rules` and `rule_values` are aliases. -#}
{% macro score_rule_fits(text, number, rules, rule_values) -%}
    case {{ rules }}.operator
        when 'is_set' then {{ text }} is not null
        when 'equals' then lower({{ text }}) = {{ rule_values }}.value_text
        when 'contains' then instr(lower({{ text }}), {{ rule_values }}.value_text) > 0
        when 'has_word' then instr({{ spaced_words(text) }}, {{ spaced_words(rule_values ~ '.value_text') }}) > 0
        when 'at_least' then {{ number }} >= {{ rule_values }}.value_number
        when 'at_most' then {{ number }} <= {{ rule_values }}.value_number
        else {{ rules }}.operator is null
    end
{%- endmacro %}
