with

source as (
    select * from {{ ref('hubspot__meetings') }}
),

renamed as (
    select
        -- ids
        _record_id as meeting_id,
        hubspot_owner_id as owner_id,

        -- strings
        upper(hs_meeting_outcome) as status,
        nullif(trim(hs_meeting_title), '') as label,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(hs_meeting_start_time, hs_timestamp, hs_createdate, _modified_at) as occurred_at,
        hs_meeting_end_time as ends_at,
        coalesce(hs_createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
