-- One row for each uninterrupted stay of a person in a stage: [entered_at, exited_at).
with

entries as (
    select * from {{ ref('int_stage_entries') }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

history_starts as (
    select * from {{ ref('int_history_starts') }}
),

deletions as (
    select
        person_id,
        max(deleted_at) as deleted_at
    from {{ ref('int_person_records') }}
    group by person_id
    having count(*) = count(deleted_at)
),

{{ stints('person_id') }}

select * from stints
