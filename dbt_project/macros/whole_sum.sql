{#-
    The sum of a converted amount over the rows of a kind; NULL where one has an amount that can't
    be converted, for a sum of the others would be told as if it were all. A row that states no
    amount adds none.
-#}
{% macro whole_sum(converted, condition, stated) -%}
    case
        when sum(case when {{ condition }} and {{ stated }} is not null and {{ converted }} is null then 1 else 0 end) = 0
            then sum(case when {{ condition }} then coalesce({{ converted }}, 0) else 0 end)
    end
{%- endmacro %}
