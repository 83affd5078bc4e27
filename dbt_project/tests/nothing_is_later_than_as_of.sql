{{ config(meta={'dagster': {'ref': {'name': 'stage_stints'}}}) }}

select
    person_id,
    entered_at as instant
from {{ ref('stage_stints') }}
where entered_at > {{ as_of() }}
union all
select
    person_id,
    occurred_at as instant
from {{ ref('activities') }}
where occurred_at > {{ as_of() }}
