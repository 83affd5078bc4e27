-- What we wrote into the CRMs' own stage fields: it says what we made of a person, and is no news of them.
-- What was refused, or not found there afterwards, is none: who sets that value later means it.
with

receipts as (
    select * from {{ ref('stg_leadcycle__receipts') }}
),

stage_fields as (
    select distinct
        source_system,
        object_name,
        field_name
    from {{ ref('cfg_stage_map') }}
),

writes as (
    select distinct
        receipts.source_system || ':' || receipts.object_name || ':' || receipts.record_id as record_key,
        receipts.field_name,
        receipts.written_value,
        receipts.decided_at
    from receipts
    inner join stage_fields
        on
            receipts.source_system = stage_fields.source_system
            and receipts.object_name = stage_fields.object_name
            and receipts.field_name = stage_fields.field_name
    where receipts.state = 'written' and receipts.written_value is not null
)

select * from writes
