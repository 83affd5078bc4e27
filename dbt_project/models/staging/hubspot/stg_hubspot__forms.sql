with

source as (
    select * from {{ ref('hubspot__forms') }}
),

renamed as (
    select
        -- ids
        _record_id as form_id,

        -- strings
        nullif(trim(name), '') as name,
        form_type,

        -- booleans
        coalesce(is_archived, false) as is_archived,
        _is_deleted as is_deleted,

        -- timestamps
        created_at,
        coalesce(updated_at, _modified_at) as modified_at
    from source
)

select * from renamed
