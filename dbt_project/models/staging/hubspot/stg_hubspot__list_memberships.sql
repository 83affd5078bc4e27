with

source as (
    select * from {{ ref('hubspot__list_memberships') }}
),

renamed as (
    select
        -- ids
        _record_id as membership_id,
        list_id,
        record_id,

        -- strings
        case object_type_id when '0-1' then 'contacts' when '0-2' then 'companies' end as object_type,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        added_at,
        _modified_at as modified_at
    from source
)

select * from renamed
