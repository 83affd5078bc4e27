with

source as (
    select * from {{ ref('hubspot__deal_histories') }}
),

renamed as (
    select
        -- ids
        _record_id as deal_history_id,
        deal_id,
        source_id,

        -- strings
        property as field_name,
        nullif(trim(value), '') as new_value,
        source_type,

        -- booleans: HubSpot names the screen, app or rule behind every change
        coalesce(source_type, '') in ('CRM_UI', 'CRM_UI_BULK_ACTION', 'MOBILE_IOS', 'MOBILE_ANDROID') as is_by_person,
        _is_deleted as is_deleted,

        -- timestamps
        changed_at
    from source
)

select * from renamed
