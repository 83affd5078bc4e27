-- Stage values of the CRMs that the rules say nothing about. Nobody moves by them until they do.
with

stage_values as (
    select
        source_system,
        object_name,
        field_name,
        field_value,
        record_key,
        occurred_at
    from {{ ref('int_stage_values') }}
    union all
    select
        source_system,
        object_name,
        field_name,
        field_value,
        account_key as record_key,
        occurred_at
    from {{ ref('int_account_stage_values') }}
),

stage_map as (
    select * from {{ ref('cfg_stage_map') }}
    union all
    select * from {{ ref('cfg_account_stage_map') }}
),

unmapped as (
    select
        stage_values.source_system,
        stage_values.object_name,
        stage_values.field_name,
        stage_values.field_value,
        count(distinct stage_values.record_key) as record_count,
        min(stage_values.occurred_at) as first_seen_at,
        max(stage_values.occurred_at) as last_seen_at
    from stage_values
    left join stage_map
        on
            stage_values.source_system = stage_map.source_system
            and stage_values.object_name = stage_map.object_name
            and stage_values.field_name = stage_map.field_name
            and stage_values.field_value = stage_map.field_value
    where stage_map.stage_key is null
    group by
        stage_values.source_system, stage_values.object_name, stage_values.field_name, stage_values.field_value
)

select * from unmapped
