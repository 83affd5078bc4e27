{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
/*
What happened with a person around each of their milestones, within the days that the rules give. The moment of truth
is the last meaningful activity before it, or in the same instant.
*/
with

milestones as (
    select
        milestones.person_id,
        milestones.milestone_key,
        milestones.milestone_number,
        milestones.happened_at,
        rules.days_before,
        rules.days_after
    from {{ of_touched_people(ref('milestones')) }} as milestones
    inner join {{ ref('cfg_milestones') }} as rules on milestones.milestone_key = rules.milestone_key
),

touches as (
    select
        milestones.person_id,
        milestones.milestone_key,
        milestones.milestone_number,
        activities.activity_id,
        activities.activity_type,
        activities.direction,
        activities.is_meaningful,
        activities.label,
        activities.occurred_at,
        {{ days_between('milestones.happened_at', 'activities.occurred_at') }} as days_from_milestone,
        activities.is_meaningful and milestones.happened_at >= activities.occurred_at as is_before
    from milestones
    inner join {{ of_touched_people(ref('activities')) }} as activities
        on
            milestones.person_id = activities.person_id
            and {{ days_between('milestones.happened_at', 'activities.occurred_at') }}
            between -milestones.days_before and milestones.days_after
),

numbered as (
    select
        *,
        row_number() over (
            partition by person_id, milestone_key, milestone_number, is_before
            order by occurred_at desc, activity_id desc
        ) as number_from_last
    from touches
)

select
    person_id,
    milestone_key,
    milestone_number,
    activity_id,
    activity_type,
    direction,
    is_meaningful,
    label,
    occurred_at,
    days_from_milestone,
    is_before and number_from_last = 1 as is_moment_of_truth
from numbered
