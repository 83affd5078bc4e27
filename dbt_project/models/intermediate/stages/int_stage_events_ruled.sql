{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- What the entry rules make of activities, of new records and of opportunities.
with

entry_rules as (
    select * from {{ ref('cfg_entry_rules') }}
),

settings as (
    select * from {{ ref('cfg_settings') }}
),

said_by_crm as (
    select * from {{ of_touched_people(ref('int_stage_events_said')) }}
),

beginnings as (
    select * from {{ of_touched_people(ref('int_record_beginnings')) }}
),

by_activity as (
    select
        activities.activity_id || ':' || entry_rules.rule_id as stage_event_id,
        activities.person_id,
        cast(null as string) as record_key,
        activities.source_system,
        entry_rules.stage_key,
        'rule' as evidence,
        true as is_forward_only,
        false as is_of_record,
        entry_rules.brings_back,
        activities.occurred_at,
        activities.occurred_at_is_lower_bound
    from {{ of_touched_people(ref('int_activities')) }} as activities
    inner join entry_rules
        on
            entry_rules.rule_on = 'activity'
            and activities.activity_type = entry_rules.activity_type
            and activities.direction = coalesce(entry_rules.direction, activities.direction)
    where activities.is_meaningful or entry_rules.counts_all
),

has_rule as (
    select max(case when rule_on = 'channel_only' then 1 else 0 end) = 1 as for_channels
    from entry_rules
),

-- A record that its CRM puts into a stage at birth needs no rule to say so.
placed_at_birth as (
    select distinct beginnings.record_key
    from beginnings
    cross join settings
    inner join said_by_crm on beginnings.record_key = said_by_crm.record_key
    where {{ seconds_between('beginnings.created_at', 'said_by_crm.occurred_at') }} <= settings.bounce_seconds
),

by_creation as (
    select
        beginnings.record_key || ':' || entry_rules.rule_id as stage_event_id,
        beginnings.person_id,
        beginnings.record_key,
        beginnings.source_system,
        entry_rules.stage_key,
        'rule' as evidence,
        true as is_forward_only,
        false as is_of_record,
        entry_rules.brings_back,
        beginnings.created_at as occurred_at,
        false as occurred_at_is_lower_bound
    from beginnings
    cross join has_rule
    inner join entry_rules
        on entry_rules.rule_on = case
            when beginnings.is_channel_only and has_rule.for_channels then 'channel_only' else 'record_created'
        end
    left join placed_at_birth on beginnings.record_key = placed_at_birth.record_key
    where placed_at_birth.record_key is null
),

by_opportunity as (
    select
        moves.move_id || ':' || entry_rules.rule_id as stage_event_id,
        moves.person_id,
        cast(null as string) as record_key,
        moves.source_system,
        entry_rules.stage_key,
        moves.evidence,
        not moves.is_setback as is_forward_only,
        -- The CRM that an opportunity is kept in knows best what became of it.
        true as is_of_record,
        entry_rules.brings_back,
        moves.occurred_at,
        false as occurred_at_is_lower_bound
    from {{ of_touched_people(ref('int_opportunity_moves')) }} as moves
    inner join entry_rules on moves.rule_on = entry_rules.rule_on
),

ruled as (
    select * from by_activity
    union all
    select * from by_creation
    union all
    select * from by_opportunity
),

weighed as (
    select
        stage_event_id,
        person_id,
        record_key,
        source_system,
        stage_key,
        evidence,
        case evidence when 'history' then 1 when 'snapshot' then 3 else 6 end as evidence_rank,
        is_forward_only,
        is_of_record,
        brings_back,
        not is_forward_only as is_by_person,
        occurred_at,
        occurred_at_is_lower_bound
    from ruled
)

select * from weighed
