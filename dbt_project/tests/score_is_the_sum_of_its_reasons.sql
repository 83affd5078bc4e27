{{ config(meta={'dagster': {'ref': {'name': 'person_scores'}}}) }}

with

sums as (
    select
        person_id,
        sum(points_now) as points
    from {{ ref('score_reasons') }}
    group by person_id
)

select
    scores.person_id,
    scores.score,
    sums.points
from {{ ref('person_scores') }} as scores
left join sums on scores.person_id = sums.person_id
where
    scores.score <> coalesce(sums.points, 0)
    or scores.score <> scores.fit + scores.behaviour + scores.adjustment
    or scores.score < 0
    or length(scores.reasons) > 255
