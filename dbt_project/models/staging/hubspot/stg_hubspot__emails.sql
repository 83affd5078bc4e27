with

source as (
    select * from {{ ref('hubspot__emails') }}
),

renamed as (
    select
        -- ids
        _record_id as email_id,
        hubspot_owner_id as owner_id,

        -- strings
        case when upper(hs_email_direction) = 'INCOMING_EMAIL' then 'inbound' else 'outbound' end as direction,
        upper(hs_email_status) as status,
        nullif(trim(hs_email_subject), '') as label,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(hs_timestamp, hs_createdate, _modified_at) as occurred_at,
        coalesce(hs_createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
