{{ config(materialized='view') }}
with

activities as (
    select * from {{ ref('int_activities') }}
)

select
    activity_id,
    person_id,
    activity_type,
    direction,
    is_human,
    is_meaningful,
    occurred_at,
    occurred_at_is_lower_bound,
    source_system,
    source_record_id,
    -- Forms and campaigns have names; the subject of a call or an e-mail is what somebody wrote.
    case
        when activity_type in ('form_submission', 'subscription', 'campaign_response', 'campaign_scan') then label
    end as label
from activities
