with

source as (
    select * from {{ ref('hubspot__calls') }}
),

renamed as (
    select
        -- ids
        _record_id as call_id,
        hubspot_owner_id as owner_id,

        -- strings
        case when upper(hs_call_direction) = 'INBOUND' then 'inbound' else 'outbound' end as direction,
        upper(hs_call_status) as status,
        nullif(trim(hs_call_title), '') as label,

        -- numerics
        cast(hs_call_duration as bigint) / 1000.0 as call_seconds,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(hs_timestamp, hs_createdate, _modified_at) as occurred_at,
        coalesce(hs_createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
