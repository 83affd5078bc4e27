{#-
    Whether two names may be one person's, as two colleagues type them. The columns are parts of names as
    name_words writes them, NULL where unknown. A part fits another that has its words among its own, or
    that it abbreviates, whichever is called the first name; what is unknown fits. Names are compared as
    a whole too, since 王伟 may stand in one field; and so is a part of one that stands alone.
-#}
{% macro names_fit(first, last, other_first, other_last) -%}
{%- set own = [joined_name(first, last), joined_name(last, first)] -%}
{%- set others = [joined_name(other_first, other_last), joined_name(other_last, other_first)] -%}
(
    {{ own[0] }} in ({{ others | join(', ') }})
    or {{ own[1] }} in ({{ others | join(', ') }})
    or ({{ name_part_fits(first, other_first) }} and {{ name_part_fits(last, other_last) }})
    or (
        {{ name_part_fits(first, other_last) }} and {{ name_part_fits(last, other_first) }}
        and ({{ first }} || {{ other_last }} is not null or {{ last }} || {{ other_first }} is not null)
    )
    or ({{ first }} || {{ last }} is null and {{ glued_name_begins(own[0], others) }})
    or ({{ other_first }} || {{ other_last }} is null and {{ glued_name_begins(others[0], own) }})
)
{%- endmacro %}

{% macro joined_name(part, following) -%}
replace(coalesce({{ part }}, '') || coalesce({{ following }}, ''), ' ', '')
{%- endmacro %}

{#- Only letters that have a small and a capital form abbreviate: 伟 is a name, no initial of 伟明. -#}
{% macro name_part_fits(part, other) -%}
(
    {{ part }} is null
    or {{ other }} is null
    or instr({{ part }}, {{ other }}) > 0
    or instr({{ other }}, {{ part }}) > 0
    or (
        substr({{ part }}, 2, 1) = substr({{ other }}, 2, 1)
        and (substr({{ part }}, 3, 1) = ' ' or substr({{ other }}, 3, 1) = ' ')
        and upper(substr({{ part }}, 2, 1)) <> substr({{ part }}, 2, 1)
    )
)
{%- endmacro %}

{#- Whether a text of letters without capitals, such as 王, begins one of two names. -#}
{% macro glued_name_begins(text, names) -%}
(
    upper({{ text }}) = {{ text }}
    and (instr({{ names[0] }}, {{ text }}) = 1 or instr({{ names[1] }}, {{ text }}) = 1)
)
{%- endmacro %}
