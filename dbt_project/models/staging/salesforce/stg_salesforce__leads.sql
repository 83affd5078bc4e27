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

        -- strings
        nullif(lower(trim(Email)), '') as email,
        nullif(trim(FirstName), '') as first_name,
        nullif(trim(LastName), '') as last_name,
        nullif(trim(Company), '') as company,
        nullif(trim(Title), '') as title,
        nullif(trim(Country), '') as country,
        nullif(trim(Industry), '') as industry,
        nullif(trim(LeadSource), '') as channel,
        nullif(trim(Status), '') as status,

        -- our own fields
        Leadcycle_Stage__c as leadcycle_stage,
        Leadcycle_Stage_Pass__c as leadcycle_stage_pass,
        Leadcycle_Score_Reasons__c as leadcycle_score_reasons,
        cast(Leadcycle_Score__c as decimal(18, 2)) as leadcycle_score,
        Leadcycle_Stage_Since__c as leadcycle_stage_since,
        Leadcycle_Synced_At__c as leadcycle_synced_at,

        -- numerics
        cast(NumberOfEmployees as bigint) as employees,

        -- booleans
        coalesce(IsConverted, false) as is_converted,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
