-- Why each living person has their score: what every event is worth now. The rows sum to the score.
with

events as (
    select * from {{ ref('score_events') }}
),

people as (
    select * from {{ ref('people') }}
),

settings as (
    select * from {{ ref('cfg_settings') }}
),

decayed as (
    select
        events.person_id,
        events.rule_id,
        events.score_event_id,
        events.kind,
        events.label,
        events.occurred_at,
        case
            when events.half_life_days is null then events.points
            else cast(
                round(
                    cast(events.points as double)
                    * {{ pow2('-' ~ days_between('events.occurred_at', as_of()) ~ ' / events.half_life_days') }},
                    2
                ) as decimal(18, 2)
            )
        end as points_now
    from events
    inner join people on events.person_id = people.person_id
),

sums as (
    select
        person_id,
        sum(points_now) as points
    from decayed
    group by person_id
),

-- A score is never below zero, and what lifts it there is a reason like any other.
floors as (
    select
        sums.person_id,
        'floor' as rule_id,
        sums.person_id || ':floor' as score_event_id,
        'adjustment' as kind,
        settings.floor_label as label,
        cast(null as {{ instant_type() }}) as occurred_at,
        cast(-sums.points as decimal(18, 2)) as points_now
    from sums
    cross join settings
    where sums.points < 0
),

reasons as (
    select * from decayed
    where points_now <> 0
    union all
    select * from floors
)

select * from reasons
