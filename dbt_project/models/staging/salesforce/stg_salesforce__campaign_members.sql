with

source as (
    select * from {{ ref('salesforce__campaign_members') }}
),

renamed as (
    select
        -- ids
        _record_id as campaign_member_id,
        CampaignId as campaign_id,
        LeadId as lead_id,
        ContactId as contact_id,

        -- strings
        nullif(trim(Status), '') as status,

        -- booleans
        coalesce(HasResponded, false) as has_responded,
        _is_deleted as is_deleted,

        -- dates
        FirstRespondedDate as first_responded_on,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
