{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- What the CRMs' own fields said, and when: before mapping, blanks left out.
with

records as (
    select * from {{ of_touched_people(ref('int_person_records')) }}
),

stage_map as (
    select distinct
        source_system,
        object_name,
        field_name
    from {{ ref('cfg_stage_map') }}
),

stage_fields as (
    select
        records.person_id,
        records.source_system,
        records.object_name,
        records.created_at,
        records.modified_at,
        fields.*
    from {{ ref('int_record_stage_fields') }} as fields
    inner join records on fields.record_key = records.record_key
    inner join stage_map
        on
            records.source_system = stage_map.source_system
            and records.object_name = stage_map.object_name
            and fields.field_name = stage_map.field_name
),

stage_changes as (
    select
        records.person_id,
        records.object_name,
        records.created_at as record_created_at,
        changes.*,
        -- HubSpot tells no old values.
        case
            when changes.source_system = 'hubspot' then lag(changes.new_value) over oldest_first
            else changes.old_value
        end as value_before,
        row_number() over oldest_first as change_number,
        row_number() over (
            partition by changes.record_key, changes.field_name order by changes.changed_at desc, changes.event_id desc
        ) as change_number_from_last
    from {{ ref('int_record_changes') }} as changes
    inner join records on changes.record_key = records.record_key
    inner join stage_map
        on
            changes.source_system = stage_map.source_system
            and records.object_name = stage_map.object_name
            and changes.field_name = stage_map.field_name
    window oldest_first as (
        partition by changes.record_key, changes.field_name order by changes.changed_at, changes.event_id
    )
),

history as (
    select
        stage_changes.*,
        new_value as field_value,
        changed_at as occurred_at,
        'history' as evidence,
        -- A value that HubSpot gives at birth is a default; a first value of later is a decision.
        stage_changes.source_system = 'hubspot'
        and row_number() over (partition by record_key, field_name order by changed_at, event_id) = 1
        and {{ seconds_between('record_created_at', 'changed_at') }} <= settings.bounce_seconds as is_first_value
    from stage_changes
    cross join {{ ref('cfg_settings') }} as settings
    where new_value is not null and changed_at <= {{ as_of() }}
),

history_of_others as (
    select history.*
    from history
    left join {{ ref('int_own_echoes') }} as echoes on history.event_id = echoes.event_id
    where echoes.event_id is null
),

-- HubSpot's history begins with the first value; Salesforce's with the first change of it.
initial as (
    select
        {{ all_but(['field_value'], 'stage_fields') }},
        stage_fields.record_key || ':' || stage_fields.field_name || ':initial' as event_id,
        coalesce(first_changes.old_value, stage_fields.field_value) as field_value,
        cast(null as string) as value_before,
        stage_fields.created_at as occurred_at,
        'inferred_initial' as evidence,
        true as is_first_value,
        false as is_by_person
    from stage_fields
    left join stage_changes as first_changes
        on
            stage_fields.record_key = first_changes.record_key
            and stage_fields.field_name = first_changes.field_name
            and first_changes.change_number = 1
    where
        coalesce(first_changes.old_value, stage_fields.field_value) is not null
        -- what we wrote says nothing of when the record was made
        and (
            first_changes.old_value is not null
            or (first_changes.record_key is null and stage_fields.written_at is null)
        )
),

snapshot as (
    select
        stage_fields.*,
        stage_fields.record_key || ':' || stage_fields.field_name || ':snapshot' as event_id,
        last_changes.new_value as value_before,
        stage_fields.modified_at as occurred_at,
        'snapshot' as evidence,
        false as is_first_value,
        false as is_by_person
    from stage_fields
    inner join stage_changes as last_changes
        on
            stage_fields.record_key = last_changes.record_key
            and stage_fields.field_name = last_changes.field_name
            and last_changes.change_number_from_last = 1
    where
        stage_fields.field_value <> coalesce(last_changes.new_value, '')
        and coalesce(stage_fields.written_at < last_changes.changed_at, true)
        and stage_fields.modified_at > last_changes.changed_at
        and stage_fields.modified_at <= {{ as_of() }}
)

{% for found in ['history_of_others', 'initial', 'snapshot'] %}
    select
        person_id,
        record_key,
        source_system,
        object_name,
        field_name,
        event_id,
        field_value,
        value_before,
        occurred_at,
        evidence,
        is_first_value,
        is_by_person
    from {{ found }}
    {{ 'union all' if not loop.last }}
{% endfor %}
