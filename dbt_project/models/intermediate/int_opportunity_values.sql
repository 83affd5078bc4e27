-- What an opportunity's amount and close date were, and since when: a row for each time that one was set.
with

salesforce as (
    select
        'salesforce:opportunity:' || opportunity_id as opportunity_key,
        opportunity_history_id as event_id,
        amount,
        close_date,
        changed_at
    from {{ ref('stg_salesforce__opportunity_histories') }}
),

hubspot as (
    select
        'hubspot:deal:' || deal_id as opportunity_key,
        deal_history_id as event_id,
        field_name,
        case when field_name = 'amount' then {{ decimal_or_null('new_value') }} end as amount,
        case when field_name = 'closedate' then {{ date_or_null('new_value') }} end as close_date,
        changed_at
    from {{ ref('stg_hubspot__deal_histories') }}
    where field_name in ('amount', 'closedate')
)

select
    opportunity_key,
    event_id,
    'amount' as value_of,
    amount,
    cast(null as date) as close_date,
    changed_at
from salesforce
union all
select
    opportunity_key,
    event_id,
    'close_date' as value_of,
    cast(null as decimal(18, 2)) as amount,
    close_date,
    changed_at
from salesforce
union all
select
    opportunity_key,
    event_id,
    case field_name when 'amount' then 'amount' else 'close_date' end as value_of,
    amount,
    close_date,
    changed_at
from hubspot
