{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
/*
Who is no longer fit enough goes back to the stage that the rule waits for, if a rule is what took them to where they
stand: what a CRM said of them stays. Where they stand then is worked out as if nobody ever fell out, and only for
those whom a rule lets go: who fell out and became fit again stands where they would have stayed.
*/
with

exits as (
    select
        fit.person_id || ':' || fit.rule_id || ':' || cast(fit.fit_number as string) || ':left' as stage_event_id,
        fit.person_id,
        rules.stage_key as from_stage_key,
        rules.after_stage_key,
        fit.ended_at
    from {{ of_touched_people(ref('int_fit_states')) }} as fit
    inner join {{ ref('cfg_entry_rules') }} as rules on fit.rule_id = rules.rule_id
    where fit.ended_at <= {{ as_of() }}
),

leaving as (
    select distinct person_id from exits
),

events as (
    select led.*
    from {{ of_touched_people(ref('int_stage_events_led')) }} as led
    inner join leaving on led.person_id = leaving.person_id
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

{{ arbitrated_people() }},

standing as (
    select
        *,
        lead(occurred_at) over (partition by person_id order by event_number) as until_at
    from accepted
)

select
    exits.stage_event_id,
    exits.person_id,
    cast(null as string) as record_key,
    cast(null as string) as source_system,
    exits.after_stage_key as stage_key,
    'rule' as evidence,
    6 as evidence_rank,
    false as is_forward_only,
    true as is_of_record,
    false as brings_back,
    false as is_by_person,
    exits.ended_at as occurred_at,
    false as occurred_at_is_lower_bound
from exits
inner join standing
    on
        exits.person_id = standing.person_id
        and exits.from_stage_key = standing.stage_key
        and exits.ended_at >= standing.occurred_at
        and (standing.until_at is null or exits.ended_at < standing.until_at)
where standing.evidence = 'rule'
