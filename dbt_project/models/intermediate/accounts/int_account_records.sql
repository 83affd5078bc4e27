-- One row for each Account and company that existed at as_of.
with

accounts as (
    select
        'salesforce:account:' || account_id as account_key,
        'salesforce' as source_system,
        account_id as record_id,
        name,
        domain,
        industry,
        country,
        employees,
        owner_id,
        cast(null as string) as salesforce_account_id,
        master_record_id,
        cast(null as string) as merged_company_ids,
        cast(null as bigint) as page_views,
        cast(null as {{ instant_type() }}) as first_seen_on_site_at,
        is_deleted,
        created_at,
        modified_at
    from {{ ref('stg_salesforce__accounts') }}
),

companies as (
    select
        'hubspot:company:' || company_id as account_key,
        'hubspot' as source_system,
        company_id as record_id,
        name,
        domain,
        industry,
        country,
        employees,
        owner_id,
        salesforce_account_id,
        cast(null as string) as master_record_id,
        merged_company_ids,
        page_views,
        first_seen_on_site_at,
        is_deleted,
        created_at,
        modified_at
    from {{ ref('stg_hubspot__companies') }}
),

records as (
    select * from accounts
    union all
    select * from companies
),

seen_from_now as (
    select
        {{ all_but(['domain', 'is_deleted'], 'records') }},
        case when not web_domains.is_free_mail then web_domains.domain end as domain,
        company_names.name_key,
        countries.country_code,
        records.is_deleted and records.modified_at <= {{ as_of() }} as is_deleted,
        row_number() over (order by records.created_at, records.account_key) as record_number
    from records
    left join {{ ref('int_company_names') }} as company_names on records.name = company_names.name
    left join {{ ref('int_web_domains') }} as web_domains on records.domain = web_domains.host
    left join {{ ref('cfg_countries') }} as countries on lower(records.country) = countries.name
    where records.created_at <= {{ as_of() }}
)

select * from seen_from_now
