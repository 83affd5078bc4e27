-- Every account that a rule finds for a person's record, the surest rule with the smallest rank.
with

records as (
    select
        records.*,
        countries.country_code,
        company_names.name_key
    from {{ ref('int_crm_records') }} as records
    left join {{ ref('int_company_names') }} as company_names on records.company = company_names.name
    left join {{ ref('cfg_countries') }} as countries on lower(records.country) = countries.name
),

account_records as (
    select * from {{ ref('int_account_records') }}
),

by_account_id as (
    select
        'salesforce:contact:' || contact_id as record_key,
        'salesforce:account:' || account_id as account_key,
        'salesforce_account_id' as match_rule,
        1 as rule_rank,
        0 as preference,
        cast(1 as decimal(3, 2)) as confidence
    from {{ ref('stg_salesforce__contacts') }}
    where account_id is not null
),

by_association as (
    select
        'hubspot:contact:' || from_id as record_key,
        'hubspot:company:' || to_id as account_key,
        'company_association' as match_rule,
        2 as rule_rank,
        case when type_id = 1 then 0 else 1 end as preference,
        cast(1 as decimal(3, 2)) as confidence
    from {{ ref('stg_hubspot__associations') }}
    where from_type = 'contacts' and to_type = 'companies'
),

by_conversion as (
    select
        'salesforce:lead:' || lead_id as record_key,
        'salesforce:account:' || converted_account_id as account_key,
        'converted_account' as match_rule,
        3 as rule_rank,
        0 as preference,
        cast(1 as decimal(3, 2)) as confidence
    from {{ ref('stg_salesforce__leads') }}
    where converted_account_id is not null
),

by_domain as (
    select
        records.record_key,
        account_records.account_key,
        'email_domain' as match_rule,
        4 as rule_rank,
        0 as preference,
        rules.confidence
    from records
    inner join {{ ref('int_web_domains') }} as web_domains
        on split_part(records.email, '@', 2) = web_domains.host
    inner join account_records on web_domains.domain = account_records.domain
    inner join {{ ref('cfg_identity_rules') }} as rules on rules.rule = 'web_domain'
    where not account_records.is_deleted and not web_domains.is_free_mail
),

by_name as (
    select
        records.record_key,
        account_records.account_key,
        'company_name' as match_rule,
        5 as rule_rank,
        0 as preference,
        rules.confidence
    from records
    inner join account_records
        on
            records.name_key = account_records.name_key
            and records.country_code = account_records.country_code
    inner join {{ ref('cfg_identity_rules') }} as rules on rules.rule = 'company_name'
    where not account_records.is_deleted
),

candidates as (
    select * from by_account_id
    union all
    select * from by_association
    union all
    select * from by_conversion
    union all
    select * from by_domain
    union all
    select * from by_name
)

select
    candidates.record_key,
    xref.account_id,
    candidates.match_rule,
    candidates.rule_rank,
    candidates.preference,
    candidates.confidence,
    account_records.record_number,
    account_records.created_at
from candidates
inner join records on candidates.record_key = records.record_key
inner join account_records on candidates.account_key = account_records.account_key
inner join {{ ref('int_account_xref') }} as xref on candidates.account_key = xref.account_key
where xref.is_living
