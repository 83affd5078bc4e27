with

source as (
    select * from {{ ref('salesforce__opportunity_contact_roles') }}
),

renamed as (
    select
        -- ids
        _record_id as role_id,
        OpportunityId as opportunity_id,
        ContactId as contact_id,

        -- strings
        nullif(trim(Role), '') as role,

        -- booleans
        coalesce(IsPrimary, false) as is_primary,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
