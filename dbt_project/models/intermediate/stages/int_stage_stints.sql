{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- One row for each uninterrupted stay of a person in a stage, [entered_at, exited_at): what does not change with time.
with

entries as (
    select * from {{ of_touched_people(ref('int_stage_entries')) }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

deletions as (
    select
        person_id,
        max(deleted_at) as deleted_at
    from {{ of_touched_people(ref('int_person_records')) }}
    group by person_id
    having count(*) = count(deleted_at)
),

{{ stays('person_id', "replace(stage_key, '_', '-')") }}

select * from stays
