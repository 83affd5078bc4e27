{{ config(tags=['imported']) }}
with

source as (
    select * from {{ ref('imported__unusable_rows') }}
),

renamed as (
    select
        -- strings: what the row says, as it stands there
        source as source_system,
        file_name,
        case_text,
        stage_text,
        time_text,
        reason,

        -- numerics
        row_number as row_place
    from source
    where not _is_deleted
)

select * from renamed
