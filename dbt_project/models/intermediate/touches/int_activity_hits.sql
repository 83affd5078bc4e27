{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Which behaviour rules each activity meets: once each, however many alternatives match.
with

activities as (
    select * from {{ of_touched_people(ref('int_activities')) }}
),

rules as (
    select * from {{ ref('cfg_score_rules') }}
    where kind = 'behaviour'
),

rule_values as (
    select * from {{ ref('cfg_score_rule_values') }}
),

candidates as (
    select
        activities.activity_id,
        activities.person_id,
        activities.occurred_at,
        rules.rule_id,
        rules.operator,
        case rules.field_name when 'label' then activities.label when 'direction' then activities.direction end
            as field_text
    from activities
    inner join rules on activities.activity_type = rules.activity_type
),

hits as (
    select distinct
        candidates.activity_id,
        candidates.person_id,
        candidates.occurred_at,
        candidates.rule_id
    from candidates
    inner join rule_values on candidates.rule_id = rule_values.rule_id
    where {{ score_rule_fits('candidates.field_text', 'cast(null as double)', 'candidates', 'rule_values') }}
)

select * from hits
