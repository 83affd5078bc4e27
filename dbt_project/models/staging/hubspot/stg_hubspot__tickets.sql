with

source as (
    select * from {{ ref('hubspot__tickets') }}
),

renamed as (
    select
        -- ids
        _record_id as ticket_id,
        hs_pipeline as pipeline_id,
        hs_pipeline_stage as stage_id,
        hubspot_owner_id as owner_id,

        -- strings
        nullif(trim(subject), '') as label,
        hs_ticket_priority as priority,
        hs_ticket_category as categories,
        source_type as channel,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        closed_date as closed_at,
        coalesce(createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
