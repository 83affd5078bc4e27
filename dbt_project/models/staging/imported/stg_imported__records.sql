{{ config(tags=['imported']) }}
with

source as (
    select * from {{ ref('imported__records') }}
),

renamed as (
    select
        -- ids
        _record_id as record_key,
        case_id,

        -- strings
        source as source_system,
        stage as stage_name,

        -- timestamps
        changed_at
    from source
    where not _is_deleted
)

select * from renamed
