with

source as (
    select * from {{ ref('hubspot__communications') }}
),

renamed as (
    select
        -- ids
        _record_id as communication_id,
        hubspot_owner_id as owner_id,

        -- strings
        hs_communication_channel_type as channel,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(hs_timestamp, hs_createdate, _modified_at) as occurred_at,
        coalesce(hs_createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
