{{ config(materialized='view') }}
-- Every piece of evidence that a person entered a stage, or fell out of one.
with

led as (
    select * from {{ ref('int_stage_events_led') }}
),

left_again as (
    select * from {{ ref('int_stage_events_left') }}
)

select * from led
union all
select * from left_again
