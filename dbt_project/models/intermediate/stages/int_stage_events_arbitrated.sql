{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Which evidence moves the person: systems of record move anywhere, the rest only forward.
with

events as (
    select * from {{ of_touched_people(ref('int_stage_events')) }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

{{ arbitrated_people() }}

select * from accepted
