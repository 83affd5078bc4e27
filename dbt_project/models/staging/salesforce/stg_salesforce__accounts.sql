with

-- How a row came is none of its fields.
source as (
    select {{ all_but(['_load_id', '_extracted_at', '_row_hash'], 'landed') }}
    from {{ ref('salesforce__accounts') }} as landed
),

renamed as (
    select
        -- ids
        _record_id as account_id,
        OwnerId as owner_id,
        MasterRecordId as master_record_id,

        -- strings
        {{ given('Name') }} as name,
        nullif(trim(Website), '') as website,
        nullif(trim(Phone), '') as phone,
        {{ web_domain('Website') }} as domain,
        nullif(trim(Industry), '') as industry,
        nullif(trim(BillingCountry), '') as country,
        nullif(trim(Type), '') as account_type,
        nullif(trim(Territory__c), '') as territory,
        {{ all_fields('source') }} as all_fields,

        -- numerics
        cast(NumberOfEmployees as bigint) as employees,
        cast(AnnualRevenue as decimal(18, 2)) as revenue,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
