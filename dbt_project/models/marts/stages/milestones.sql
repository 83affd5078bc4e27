{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- The moments that the rules call milestones, one row for each time that a person reached one.
with

rules as (
    select * from {{ ref('cfg_milestones') }}
),

first_touches as (
    select
        'first_touch' as milestone_on,
        person_id,
        '' as stage_key,
        cast(null as string) as stage_pass,
        cast(null as string) as opportunity_id,
        min(occurred_at) as happened_at
    from {{ of_touched_people(ref('int_activities')) }}
    where is_meaningful
    group by person_id
),

first_records as (
    select
        'record_created' as milestone_on,
        person_id,
        '' as stage_key,
        cast(null as string) as stage_pass,
        cast(null as string) as opportunity_id,
        min(created_at) as happened_at
    from {{ of_touched_people(ref('int_person_records')) }}
    group by person_id
),

entries as (
    select
        'stage_entered' as milestone_on,
        person_id,
        stage_key,
        stage_pass,
        cast(null as string) as opportunity_id,
        entered_at as happened_at
    from {{ of_touched_people(ref('stage_stints')) }}
),

-- A win that was taken back is none; who came when an opportunity was won has not seen it open.
opportunities as (
    select
        moves.rule_on as milestone_on,
        moves.person_id,
        '' as stage_key,
        cast(null as string) as stage_pass,
        moves.opportunity_key as opportunity_id,
        case moves.rule_on when 'opportunity_won' then max(moves.occurred_at) else min(moves.occurred_at) end
            as happened_at
    from {{ of_touched_people(ref('int_opportunity_moves')) }} as moves
    inner join {{ ref('opportunities') }} as standing on moves.opportunity_key = standing.opportunity_id
    where
        (moves.rule_on = 'opportunity_open' and not moves.is_setback)
        or (moves.rule_on = 'opportunity_won' and standing.state = 'won')
    group by moves.rule_on, moves.person_id, moves.opportunity_key
),

happened as (
    select * from first_touches
    union all
    select * from first_records
    union all
    select * from entries
    union all
    select * from opportunities
),

reached as (
    select
        happened.person_id,
        rules.milestone_key,
        rules.milestone_label,
        rules.milestone_place,
        row_number() over (
            partition by happened.person_id, rules.milestone_key
            order by happened.happened_at, coalesce(happened.stage_pass, ''), coalesce(happened.opportunity_id, '')
        ) as milestone_number,
        happened.happened_at,
        happened.stage_pass,
        happened.opportunity_id
    from happened
    inner join rules
        on
            happened.milestone_on = rules.milestone_on
            and happened.stage_key = coalesce(rules.stage_key, '')
)

select
    person_id,
    milestone_key,
    milestone_label,
    milestone_place,
    cast(milestone_number as integer) as milestone_number,
    happened_at,
    stage_pass,
    opportunity_id
from reached
