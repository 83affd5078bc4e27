-- Why each living person has their score: what every event is worth now. The rows sum to the score.
with

events as (
    select * from {{ ref('score_events') }}
),

people as (
    select * from {{ ref('people') }}
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

-- A score is never below zero, and what lifts it there is a reason like any other.
floors as (
    select
        person_id,
        'floor' as rule_id,
        person_id || ':floor' as score_event_id,
        'adjustment' as kind,
        'No score below zero' as label,
        cast(null as {{ instant_type() }}) as occurred_at,
        cast(-sum(points_now) as decimal(18, 2)) as points_now
    from decayed
    group by person_id
    having sum(points_now) < 0
),

reasons as (
    select * from decayed
    where points_now <> 0
    union all
    select * from floors
)

select * from reasons
