with

source as (
    select * from {{ ref('hubspot__teams') }}
),

renamed as (
    select
        -- ids
        _record_id as team_id,
        user_ids,
        secondary_user_ids,

        -- strings
        nullif(trim(name), '') as name,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        _modified_at as modified_at
    from source
)

select * from renamed
