with

source as (
    select * from {{ ref('salesforce__record_types') }}
),

renamed as (
    select
        -- ids
        _record_id as record_type_id,

        -- strings
        SobjectType as object_name,
        nullif(trim(Name), '') as name,
        DeveloperName as developer_name,

        -- booleans
        coalesce(IsActive, false) as is_active,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
