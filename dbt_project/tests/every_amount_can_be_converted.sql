{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'opportunities'}}}) }}

-- An amount whose rate can't be read (a permission of its own) leaves its account without a sum.
select
    opportunity_id,
    currency
from {{ ref('opportunities') }}
where amount is not null and amount_corporate is null
