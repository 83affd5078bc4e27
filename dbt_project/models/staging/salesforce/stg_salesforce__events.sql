with

source as (
    select * from {{ ref('salesforce__events') }}
),

renamed as (
    select
        -- ids
        _record_id as event_id,
        WhoId as lead_or_contact_id,
        WhatId as what_id,
        OwnerId as owner_id,

        -- strings
        Subject as subject,
        nullif(trim(Type), '') as event_type,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        StartDateTime as starts_at,
        EndDateTime as ends_at,
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
