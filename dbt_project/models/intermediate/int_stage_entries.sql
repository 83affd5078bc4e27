-- One row for each stay: repeats collapsed, slips (there and back within the bounce time) dropped.
with

events as (
    select * from {{ ref('int_stage_events_arbitrated') }}
),

settings as (
    select * from {{ ref('cfg_settings') }}
),

{{ stage_entries('person_id') }}

select * from entries
