with

source as (
    select * from {{ ref('hubspot__contacts') }}
),

renamed as (
    select
        -- ids
        _record_id as contact_id,
        hubspot_owner_id as owner_id,
        nullif(trim(salesforceleadid), '') as salesforce_lead_id,
        nullif(trim(salesforcecontactid), '') as salesforce_contact_id,
        hs_merged_object_ids as merged_contact_ids,

        -- strings
        nullif(lower(trim(email)), '') as email,
        lower(hs_additional_emails) as additional_emails,
        nullif(trim(firstname), '') as first_name,
        nullif(trim(lastname), '') as last_name,
        nullif(trim(company), '') as company,
        nullif(trim(jobtitle), '') as title,
        nullif(trim(country), '') as country,
        nullif(trim(industry), '') as industry,
        nullif(trim(hs_analytics_source), '') as channel,
        nullif(trim(lifecyclestage), '') as lifecycle_stage,

        -- our own properties
        leadcycle_stage,
        leadcycle_stage_pass,
        leadcycle_score_reasons,
        cast(leadcycle_score as decimal(18, 2)) as leadcycle_score,
        leadcycle_stage_since,
        leadcycle_synced_at,

        -- numerics: '51-200' counts as 51
        try_cast(split_part(numemployees, '-', 1) as bigint) as employees,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
