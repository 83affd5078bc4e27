{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Everything that gives a person points, before time has taken its share.
with

rules as (
    select * from {{ ref('cfg_score_rules') }}
),

rule_values as (
    select * from {{ ref('cfg_score_rule_values') }}
),

fit_hits as (
    select * from {{ of_touched_people(ref('int_fit_hits')) }}
),

activity_hits as (
    select * from {{ of_touched_people(ref('int_activity_hits')) }}
),

stints as (
    select * from {{ of_touched_people(ref('stage_stints')) }}
),

stage_hits as (
    select distinct
        stints.person_id,
        stints.stint_number,
        stints.entered_at,
        rules.rule_id
    from stints
    inner join rules
        on
            rules.kind = 'adjustment'
            and rules.activity_type = 'stage_entered'
    inner join rule_values on rules.rule_id = rule_values.rule_id
    where {{ score_rule_fits('stints.stage_key', 'cast(null as double)', 'rules', 'rule_values') }}
),

hits as (
    select
        person_id || ':' || rule_id as score_event_id,
        person_id,
        rule_id,
        cast(null as string) as activity_id,
        cast(null as {{ instant_type() }}) as occurred_at
    from fit_hits
    union all
    select
        activity_id || ':' || rule_id as score_event_id,
        person_id,
        rule_id,
        activity_id,
        occurred_at
    from activity_hits
    union all
    select
        person_id || ':' || cast(stint_number as string) || ':' || rule_id as score_event_id,
        person_id,
        rule_id,
        cast(null as string) as activity_id,
        entered_at as occurred_at
    from stage_hits
),

events as (
    select
        hits.score_event_id,
        hits.person_id,
        hits.rule_id,
        rules.kind,
        rules.label,
        hits.activity_id,
        hits.occurred_at,
        rules.points,
        rules.half_life_days
    from hits
    inner join rules on hits.rule_id = rules.rule_id
)

select * from events
