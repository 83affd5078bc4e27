with

stage_values as (
    select * from {{ ref('int_stage_values') }}
),

stage_map as (
    select * from {{ ref('cfg_stage_map') }}
),

entry_rules as (
    select * from {{ ref('cfg_entry_rules') }}
),

records as (
    select * from {{ ref('int_person_records') }}
),

activities as (
    select * from {{ ref('int_activities') }}
),

settings as (
    select * from {{ ref('cfg_settings') }}
),

said_by_crm as (
    select
        stage_values.event_id as stage_event_id,
        stage_values.person_id,
        stage_values.record_key,
        stage_values.source_system,
        stage_map.stage_key,
        stage_values.evidence,
        case stage_values.evidence when 'history' then 1 when 'snapshot' then 3 else 4 end as evidence_rank,
        stage_values.is_first_value as is_forward_only,
        not stage_values.is_first_value as brings_back,
        stage_values.is_by_person,
        stage_values.occurred_at
    from stage_values
    inner join stage_map
        on
            stage_values.source_system = stage_map.source_system
            and stage_values.object_name = stage_map.object_name
            and stage_values.field_name = stage_map.field_name
            and stage_values.field_value = stage_map.field_value
    where stage_map.stage_key <> 'ignore'
),

by_activity as (
    select
        activities.activity_id || ':' || entry_rules.rule_id as stage_event_id,
        activities.person_id,
        cast(null as varchar) as record_key,
        activities.source_system,
        entry_rules.stage_key,
        'rule' as evidence,
        6 as evidence_rank,
        true as is_forward_only,
        entry_rules.brings_back,
        false as is_by_person,
        activities.occurred_at
    from activities
    inner join entry_rules
        on
            entry_rules.rule_on = 'activity'
            and activities.activity_type = entry_rules.activity_type
),

-- A record that its CRM puts into a stage at birth needs no rule to say so.
placed_at_birth as (
    select distinct records.record_key
    from records
    cross join settings
    inner join said_by_crm on records.record_key = said_by_crm.record_key
    where {{ seconds_between('records.created_at', 'said_by_crm.occurred_at') }} <= settings.bounce_seconds
),

by_creation as (
    select
        records.record_key || ':' || entry_rules.rule_id as stage_event_id,
        records.person_id,
        records.record_key,
        records.source_system,
        entry_rules.stage_key,
        'rule' as evidence,
        6 as evidence_rank,
        true as is_forward_only,
        entry_rules.brings_back,
        false as is_by_person,
        records.created_at as occurred_at
    from records
    inner join entry_rules on entry_rules.rule_on = 'record_created'
    left join placed_at_birth on records.record_key = placed_at_birth.record_key
    where placed_at_birth.record_key is null
),

events as (
    select * from said_by_crm
    union all
    select * from by_activity
    union all
    select * from by_creation
)

select * from events
