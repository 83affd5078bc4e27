-- How many people stand in each stage now; every configured stage has its row.
with

stages as (
    select * from {{ ref('cfg_stages') }}
),

counted as (
    select
        stage_key,
        count(*) as people
    from {{ ref('person_lifecycles') }}
    group by stage_key
),

stocks as (
    select
        stages.stage_key,
        stages.stage_label,
        stages.stage_rank,
        stages.phase,
        stages.path_type,
        coalesce(counted.people, 0) as people
    from stages
    left join counted on stages.stage_key = counted.stage_key
)

select * from stocks
