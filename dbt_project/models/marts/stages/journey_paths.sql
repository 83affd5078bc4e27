-- The ways that people take through the stages, the most common first, and where they led.
with

journeys as (
    select * from {{ ref('journeys') }}
),

counted as (
    select
        stage_path,
        min(path_label) as path_label,
        min(steps) as steps,
        count(*) as journeys,
        count(distinct person_id) as people,
        sum(case when outcome = 'succeeded' then 1 else 0 end) as won,
        sum(case when outcome = 'aside' then 1 else 0 end) as in_detour,
        sum(case when outcome = 'under_way' then 1 else 0 end) as under_way,
        sum(case when outcome = 'deleted' then 1 else 0 end) as deleted,
        {{ median('days_taken') }} as median_days,
        min(began_at) as first_began_at,
        max(began_at) as last_began_at
    from journeys
    group by stage_path
),

totals as (
    select sum(journeys) as journeys
    from counted
)

select
    cast(row_number() over (order by counted.journeys desc, counted.stage_path asc) as integer) as place,
    counted.stage_path,
    counted.path_label,
    counted.steps,
    counted.journeys,
    counted.people,
    cast(counted.journeys as double) / totals.journeys as share_of_journeys,
    cast(counted.won as bigint) as won,
    cast(counted.in_detour as bigint) as in_detour,
    cast(counted.under_way as bigint) as under_way,
    cast(counted.deleted as bigint) as deleted,
    counted.median_days,
    counted.first_began_at,
    counted.last_began_at
from counted
cross join totals
