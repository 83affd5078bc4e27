{{ config(tags=['imported']) }}
-- Which evidence moves the case: all of it, unless the company's rules are asked for.
with

events as (
    select * from {{ ref('int_case_stage_events') }}
),

stages as (
    select * from {{ ref('int_case_stages') }}
),

first_seen_in_system as (
    select
        case_id,
        source_system,
        min(occurred_at) as seen_at
    from events
    group by case_id, source_system
),

{{ arbitrated_events(
    'case_id',
    in_order='events.occurred_at, events.evidence_rank, events.place, events.stage_event_id'
) }}

select * from accepted
