{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- What the CRMs' own stage fields say, mapped by the rules.
with

stage_values as (
    select * from {{ of_touched_people(ref('int_stage_values')) }}
),

stage_map as (
    select * from {{ ref('cfg_stage_map') }}
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
        false as is_of_record,
        not stage_values.is_first_value as brings_back,
        stage_values.is_by_person,
        stage_values.occurred_at,
        false as occurred_at_is_lower_bound
    from stage_values
    inner join stage_map
        on
            stage_values.source_system = stage_map.source_system
            and stage_values.object_name = stage_map.object_name
            and stage_values.field_name = stage_map.field_name
            and stage_values.field_value = stage_map.field_value
    left join stage_map as map_before
        on
            stage_values.source_system = map_before.source_system
            and stage_values.object_name = map_before.object_name
            and stage_values.field_name = map_before.field_name
            and stage_values.value_before = map_before.field_value
    where
        stage_map.stage_key <> 'ignore'
        -- Another name for the stage where the field stands already moves nobody, wherever they are by now.
        and stage_map.stage_key <> coalesce(map_before.stage_key, '')
)

select * from said_by_crm
