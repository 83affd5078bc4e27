with

source as (
    select * from {{ ref('hubspot__form_submissions') }}
),

renamed as (
    select
        -- ids
        _record_id as conversion_id,
        form_id,

        -- strings
        form_name,
        form_type,
        nullif(lower(trim(email)), '') as email,
        page_url,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        submitted_at
    from source
)

select * from renamed
