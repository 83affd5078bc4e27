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
    source_system,
    source_record_id,
    label
from activities
