with

source as (
    select * from {{ ref('salesforce__leads') }}
),

renamed as (
    select
        -- ids
        _record_id as lead_id,
        OwnerId as owner_id,
        ConvertedContactId as converted_contact_id,
        ConvertedAccountId as converted_account_id,
        ConvertedOpportunityId as converted_opportunity_id,
        MasterRecordId as master_record_id,
        LastModifiedById as changed_by_id,

        -- strings
        nullif(lower(trim(Email)), '') as email,
        {{ given('FirstName') }} as first_name,
        {{ given('LastName') }} as last_name,
        {{ given('Company') }} as company,
        nullif(trim(Title), '') as title,
        nullif(trim(Phone), '') as phone,
        nullif(trim(MobilePhone), '') as mobile_phone,
        nullif(trim(WeChat_ID__c), '') as chat_id,
        nullif(trim(Website), '') as website,
        nullif(trim(Country), '') as country,
        nullif(trim(Territory__c), '') as territory,
        nullif(trim(Industry), '') as industry,
        nullif(trim(LeadSource), '') as channel,
        nullif(trim(Status), '') as status,

        -- numerics
        cast(NumberOfEmployees as bigint) as employees,

        -- booleans
        coalesce(IsConverted, false) as is_converted,
        _is_deleted as is_deleted,

        -- dates
        ConvertedDate as converted_on,

        -- timestamps
        EmailBouncedDate as email_bounced_at,
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
