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
        nullif(trim(hs_email_hard_bounce_reason_enum), '') as hard_bounce_reason,
        nullif(trim(hs_buying_role), '') as buying_roles,
        {{ given('firstname') }} as first_name,
        {{ given('lastname') }} as last_name,
        {{ given('company') }} as company,
        nullif(trim(jobtitle), '') as title,
        nullif(trim(phone), '') as phone,
        nullif(trim(mobilephone), '') as mobile_phone,
        nullif(trim(wechat_id), '') as chat_id,
        nullif(trim(website), '') as website,
        nullif(trim(country), '') as country,
        nullif(trim(territory), '') as territory,
        nullif(trim(industry), '') as industry,
        nullif(trim(hs_analytics_source), '') as channel,
        nullif(trim(lifecyclestage), '') as lifecycle_stage,
        nullif(trim(hs_lead_status), '') as lead_status,

        -- numerics: '51-200' counts as 51
        {{ whole_number_or_null("split_part(numemployees, '-', 1)") }} as employees,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
