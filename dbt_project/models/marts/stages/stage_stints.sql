{{ config(materialized='view') }}
-- One row for each uninterrupted stay of a person in a stage: [entered_at, exited_at).
with

stays as (
    select * from {{ ref('int_stage_stints') }}
),

history_starts as (
    select * from {{ ref('int_history_starts') }}
),

{{ stints_as_seen() }}

select * from stints
