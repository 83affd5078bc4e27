with

source as (
    select * from {{ ref('salesforce__groups') }}
),

renamed as (
    select
        -- ids
        _record_id as group_id,

        -- strings
        nullif(trim(Name), '') as name,
        DeveloperName as developer_name,
        Type as group_type,

        -- booleans
        coalesce(Type, '') = 'Queue' as is_queue,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
