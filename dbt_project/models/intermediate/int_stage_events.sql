-- Every piece of evidence that a person entered a stage; fit follows what it waits for.
with

said as (
    select * from {{ ref('int_stage_events_said') }}
),

ruled as (
    select * from {{ ref('int_stage_events_ruled') }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

-- Converting a Lead sets its Status. Where an opportunity opens with it, within the second or two
-- that Salesforce takes, that says all there is.
conversions as (
    select distinct said.stage_event_id
    from said
    inner join {{ ref('int_person_records') }} as records on said.record_key = records.record_key
    inner join stages on said.stage_key = stages.stage_key
    inner join {{ ref('int_opportunity_moves') }} as moves on said.person_id = moves.person_id
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

score_rules as (
    select * from {{ ref('cfg_score_rules') }}
),

fit as (
    select
        hits.person_id,
        sum(score_rules.points) as points
    from {{ ref('int_fit_hits') }} as hits
    inner join score_rules on hits.rule_id = score_rules.rule_id
    group by hits.person_id
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
    inner join fit on events.person_id = fit.person_id
    where fit.points >= fit_rules.at_least
),

all_events as (
    select * from events
    union all
    select * from by_fit
)

select * from all_events
