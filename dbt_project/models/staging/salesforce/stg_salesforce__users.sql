with

source as (
    select * from {{ ref('salesforce__users') }}
),

renamed as (
    select
        -- ids
        _record_id as user_id,

        -- strings
        nullif(trim(Name), '') as name,
        nullif(trim(FirstName), '') as first_name,
        nullif(trim(LastName), '') as last_name,
        nullif(lower(trim(Email)), '') as email,
        nullif(trim(Title), '') as title,
        nullif(trim(Department), '') as department,
        UserType as user_type,
        TimeZoneSidKey as time_zone,

        -- booleans
        coalesce(IsActive, false) as is_active,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
