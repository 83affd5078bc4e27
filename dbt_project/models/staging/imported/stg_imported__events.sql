{{ config(tags=['imported']) }}
with

source as (
    select * from {{ ref('imported__events') }}
),

renamed as (
    select
        -- ids
        _record_id as event_key,
        case_id,
        event_id,

        -- strings: of two events of one instant the one with the lesser place came first
        source as source_system,
        activity as stage_name,
        resource,
        coalesce(place, '') as place,

        -- timestamps
        occurred_at
    from source
    where not _is_deleted
)

select * from renamed
