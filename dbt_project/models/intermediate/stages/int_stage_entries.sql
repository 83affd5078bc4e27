{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- One row for each stay: repeats collapsed, slips (there and back within the bounce time) dropped.
with

events as (
    select * from {{ of_touched_people(ref('int_stage_events_arbitrated')) }}
),

settings as (
    select * from {{ ref('cfg_settings') }}
),

{{ stage_entries('person_id') }}

select * from entries
