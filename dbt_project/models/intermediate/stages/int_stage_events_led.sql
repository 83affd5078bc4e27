{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Every piece of evidence that leads a person into a stage; fit follows what it waits for.
with

said as (
    select * from {{ of_touched_people(ref('int_stage_events_said')) }}
),

ruled as (
    select * from {{ of_touched_people(ref('int_stage_events_ruled')) }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

-- Converting a Lead sets its Status. Where an opportunity opens with it, within the second or two
-- that Salesforce takes, that says all there is.
conversions as (
    select distinct said.stage_event_id
    from said
    inner join {{ of_touched_people(ref('int_person_records')) }} as records on said.record_key = records.record_key
    inner join stages on said.stage_key = stages.stage_key
    inner join {{ of_touched_people(ref('int_opportunity_moves')) }} as moves on said.person_id = moves.person_id
    where
        records.is_converted
        and said.evidence = 'history'
        and stages.path_type = 'success'
        and moves.rule_on = 'opportunity_open'
        and {{ seconds_between('said.occurred_at', 'moves.occurred_at') }} between -2 and 2
),

said_by_itself as (
    select said.*
    from said
    left join conversions on said.stage_event_id = conversions.stage_event_id
    where conversions.stage_event_id is null
),

events as (
    select * from said_by_itself
    union all
    select * from ruled
),

fit_rules as (
    select * from {{ ref('cfg_entry_rules') }}
    where rule_on = 'fit'
),

fit as (
    select * from {{ of_touched_people(ref('int_fit_states')) }}
),

by_fit as (
    select
        events.stage_event_id || ':' || fit_rules.rule_id as stage_event_id,
        events.person_id,
        events.record_key,
        events.source_system,
        fit_rules.stage_key,
        'rule' as evidence,
        6 as evidence_rank,
        true as is_forward_only,
        false as is_of_record,
        events.brings_back and fit_rules.brings_back as brings_back,
        false as is_by_person,
        events.occurred_at,
        events.occurred_at_is_lower_bound
    from events
    inner join fit_rules on events.stage_key = fit_rules.after_stage_key
    inner join fit
        on
            events.person_id = fit.person_id
            and fit_rules.rule_id = fit.rule_id
            and events.occurred_at >= fit.occurred_at
            and (fit.ended_at is null or events.occurred_at < fit.ended_at)
),

-- Who becomes fit later enters then, if the stage that the rule waits for was entered before.
waited as (
    select
        events.person_id,
        fit_rules.rule_id,
        fit_rules.stage_key,
        min(events.occurred_at) as waits_since
    from events
    inner join fit_rules on events.stage_key = fit_rules.after_stage_key
    group by events.person_id, fit_rules.rule_id, fit_rules.stage_key
),

by_growing_fit as (
    select
        fit.person_id || ':' || fit.rule_id || ':' || cast(fit.fit_number as string) as stage_event_id,
        fit.person_id,
        cast(null as string) as record_key,
        cast(null as string) as source_system,
        waited.stage_key,
        'rule' as evidence,
        6 as evidence_rank,
        true as is_forward_only,
        false as is_of_record,
        false as brings_back,
        false as is_by_person,
        fit.occurred_at,
        false as occurred_at_is_lower_bound
    from fit
    inner join waited
        on
            fit.person_id = waited.person_id
            and fit.rule_id = waited.rule_id
            and fit.occurred_at > waited.waits_since
),

all_events as (
    select * from events
    union all
    select * from by_fit
    union all
    select * from by_growing_fit
)

select * from all_events
