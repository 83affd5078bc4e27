-- How often people went from one stage to another: the edges of the journey's map.
with

stints as (
    select * from {{ ref('stage_stints') }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

moves as (
    select
        stints.stage_key as from_stage_key,
        stints.stage_label as from_stage_label,
        stints.next_stage_key as to_stage_key,
        stages.stage_label as to_stage_label,
        stints.exit_type,
        stints.person_id,
        stints.days_in_stage
    from stints
    inner join stages on stints.next_stage_key = stages.stage_key
)

select
    from_stage_key,
    from_stage_label,
    to_stage_key,
    to_stage_label,
    min(exit_type) as exit_type,
    count(*) as moves,
    count(distinct person_id) as people,
    {{ median('days_in_stage') }} as median_days
from moves
group by from_stage_key, from_stage_label, to_stage_key, to_stage_label
