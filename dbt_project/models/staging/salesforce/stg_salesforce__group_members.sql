with

source as (
    select * from {{ ref('salesforce__group_members') }}
),

renamed as (
    select
        -- ids
        _record_id as group_member_id,
        GroupId as group_id,
        UserOrGroupId as member_id,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        _modified_at as modified_at
    from source
)

select * from renamed
