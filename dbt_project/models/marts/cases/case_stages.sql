{{ config(tags=['imported']) }}
-- The stages of an imported history in their order, and how many cases were ever in each.
with

stages as (
    select * from {{ ref('int_case_stages') }}
),

entered as (
    select
        stage_key,
        count(distinct case_id) as cases
    from {{ ref('int_case_stage_entries') }}
    group by stage_key
),

counted as (
    select
        stages.stage_key,
        stages.stage_label,
        stages.stage_rank,
        stages.path_type,
        coalesce(entered.cases, 0) as cases
    from stages
    left join entered on stages.stage_key = entered.stage_key
)

select * from counted
