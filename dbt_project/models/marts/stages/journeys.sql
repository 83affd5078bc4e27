{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Each person's ways through the stages, one for each cycle: what they passed, in order, and where it led.
with

stints as (
    select * from {{ of_touched_people(ref('stage_stints')) }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

-- Won is who stands where a won opportunity takes people, or beyond; without such a rule, on the last step.
last_step as (
    select coalesce(min(entered.stage_rank), max(stages.stage_rank)) as stage_rank
    from stages
    left join {{ ref('cfg_entry_rules') }} as rules
        on stages.stage_key = rules.stage_key and rules.rule_on = 'opportunity_won'
    left join stages as entered on rules.stage_key = entered.stage_key
    where stages.path_type = 'success'
),

numbered as (
    select
        stints.*,
        row_number() over (
            partition by person_id, cycle_number order by stint_number desc
        ) as number_from_end
    from stints
),

ends as (
    select
        numbered.person_id,
        numbered.cycle_number,
        numbered.stage_key as last_stage_key,
        numbered.exited_at as ended_at,
        case
            when numbered.exit_type = 'deleted' then 'deleted'
            when numbered.path_type = 'detour' then 'aside'
            when numbered.stage_rank >= last_step.stage_rank then 'succeeded'
            else 'under_way'
        end as outcome
    from numbered
    cross join last_step
    where numbered.number_from_end = 1
),

ways as (
    select
        person_id,
        cycle_number,
        {{ string_agg('stage_key', ' > ', 'stint_number') }} as stage_path,
        {{ string_agg('stage_label', ' > ', 'stint_number') }} as path_label,
        count(*) as steps,
        min(entered_at) as began_at,
        max(entered_at) as last_step_at
    from stints
    group by person_id, cycle_number
)

select
    ways.person_id,
    ways.cycle_number,
    ways.stage_path,
    ways.path_label,
    cast(ways.steps as integer) as steps,
    ways.began_at,
    ways.last_step_at,
    ends.ended_at,
    ends.last_stage_key,
    ends.outcome,
    {{ days_between('ways.began_at', 'ways.last_step_at') }} as days_taken
from ways
inner join ends on ways.person_id = ends.person_id and ways.cycle_number = ends.cycle_number
