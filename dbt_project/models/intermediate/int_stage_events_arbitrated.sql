{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Which evidence moves the person: systems of record move anywhere, the rest only forward.
with

events as (
    select * from {{ of_touched_people(ref('int_stage_events')) }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

first_seen_in_system as (
    select
        person_id,
        source_system,
        min(created_at) as seen_at
    from {{ of_touched_people(ref('int_person_records')) }}
    group by person_id, source_system
),

-- Salesforce does not say in which order things happened within a second
{{ arbitrated_events(
    'person_id',
    in_order="date_trunc('second', events.occurred_at), stages.stage_rank, events.evidence_rank, events.stage_event_id"
) }}

select * from accepted
