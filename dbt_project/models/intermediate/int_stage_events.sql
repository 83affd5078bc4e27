-- Every piece of evidence that a person entered a stage; fit follows what it waits for.
with

said as (
    select * from {{ ref('int_stage_events_said') }}
),

ruled as (
    select * from {{ ref('int_stage_events_ruled') }}
),

-- Converting a Lead sets its Status; an opportunity that opens in that very second says all there is.
opened as (
    select distinct
        person_id,
        date_trunc('second', occurred_at) as opened_at
    from {{ ref('int_opportunity_moves') }}
    where rule_on = 'opportunity_open'
),

said_by_itself as (
    select said.*
    from said
    left join opened
        on
            said.person_id = opened.person_id
            and date_trunc('second', said.occurred_at) = opened.opened_at
            and said.evidence = 'history'
            and said.source_system = 'salesforce'
    where opened.person_id is null
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
        events.brings_back and fit_rules.brings_back as brings_back,
        false as is_by_person,
        events.occurred_at
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
