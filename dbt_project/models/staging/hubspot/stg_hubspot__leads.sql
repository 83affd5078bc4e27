with

source as (
    select * from {{ ref('hubspot__leads') }}
),

renamed as (
    select
        -- ids
        _record_id as lead_id,
        hs_pipeline as pipeline_id,
        hs_pipeline_stage as stage_id,
        hubspot_owner_id as owner_id,

        -- strings
        nullif(trim(hs_lead_name), '') as name,
        nullif(trim(hs_lead_type), '') as lead_type,
        nullif(trim(hs_lead_label), '') as temperature,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(hs_createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
