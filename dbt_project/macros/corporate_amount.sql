{#-
    An amount of Salesforce in the corporate currency: `source` is joined with `currencies`.
    An org with one currency names none, and its amounts are in it. The rate is today's, not that
    of the day on which something closed.
-#}
{% macro corporate_amount(column) -%}
    cast(
        case when source.CurrencyIsoCode is null then {{ column }} else {{ column }} / currencies.ConversionRate end
        as decimal(18, 2)
    )
{%- endmacro %}
