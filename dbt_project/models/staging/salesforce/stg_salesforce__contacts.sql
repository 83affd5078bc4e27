with

source as (
    select * from {{ ref('salesforce__contacts') }}
),

renamed as (
    select
        -- ids
        _record_id as contact_id,
        AccountId as account_id,
        OwnerId as owner_id,
        MasterRecordId as master_record_id,
        LastModifiedById as changed_by_id,

        -- strings
        nullif(lower(trim(Email)), '') as email,
        {{ given('FirstName') }} as first_name,
        {{ given('LastName') }} as last_name,
        nullif(trim(Title), '') as title,
        nullif(trim(Phone), '') as phone,
        nullif(trim(MobilePhone), '') as mobile_phone,
        nullif(trim(WeChat_ID__c), '') as chat_id,
        nullif(trim(MailingCountry), '') as country,
        nullif(trim(LeadSource), '') as channel,
        nullif(trim(Status__c), '') as status,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        EmailBouncedDate as email_bounced_at,
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
