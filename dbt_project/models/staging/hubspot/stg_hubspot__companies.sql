with

-- How a row came is none of its fields.
source as (
    select {{ all_but(['_load_id', '_extracted_at', '_row_hash'], 'landed') }}
    from {{ ref('hubspot__companies') }} as landed
),

renamed as (
    select
        -- ids
        _record_id as company_id,
        hubspot_owner_id as owner_id,
        nullif(trim(salesforceaccountid), '') as salesforce_account_id,
        hs_merged_object_ids as merged_company_ids,

        -- strings
        {{ given('name') }} as name,
        coalesce({{ web_domain('domain') }}, {{ web_domain('website') }}) as domain,
        nullif(trim(phone), '') as phone,
        nullif(trim(industry), '') as industry,
        nullif(trim(country), '') as country,
        {{ all_fields('source') }} as all_fields,

        -- numerics
        cast(numberofemployees as bigint) as employees,
        cast(annualrevenue as decimal(18, 2)) as revenue,
        cast(hs_analytics_num_page_views as bigint) as page_views,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        hs_analytics_first_timestamp as first_seen_on_site_at,
        coalesce(createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
