with

source as (
    select * from {{ ref('hubspot__owners') }}
),

renamed as (
    select
        -- ids
        _record_id as owner_id,
        cast(user_id as string) as user_id,
        team_ids,

        -- strings
        nullif(lower(trim(email)), '') as email,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        team_names,

        -- booleans
        coalesce(is_archived, false) as is_archived,
        _is_deleted as is_deleted,

        -- timestamps
        created_at,
        coalesce(updated_at, _modified_at) as modified_at
    from source
)

select * from renamed
