/*
Pairs of Accounts and companies that are the same company. A domain ties HubSpot's companies only:
two Accounts with one domain are two on purpose (subsidiaries), until somebody merges them.
*/
with

records as (
    select * from {{ ref('int_account_records') }}
),

companies as (
    select * from records
    where source_system = 'hubspot'
),

merged as (
    {{ split_rows('companies', 'account_key', 'merged_company_ids', ';') }}
),

by_account_id as (
    select
        companies.account_key,
        accounts.account_key as other_account_key,
        'salesforce_account_id' as rule
    from companies
    inner join records as accounts
        on
            accounts.source_system = 'salesforce'
            and {{ salesforce_id15('companies.salesforce_account_id') }} = {{ salesforce_id15('accounts.record_id') }}
),

by_merge as (
    select
        account_key,
        'hubspot:company:' || part as other_account_key,
        'merged_company' as rule
    from merged
    union all
    select
        account_key,
        'salesforce:account:' || master_record_id as other_account_key,
        'master_record' as rule
    from records
    where master_record_id is not null
),

first_holders as (
    select
        domain,
        account_key,
        row_number() over (
            partition by domain order by case source_system when 'salesforce' then 1 else 2 end, record_number
        ) as holder_number
    from records
    where domain is not null and not is_deleted
),

by_domain as (
    select
        companies.account_key,
        first_holders.account_key as other_account_key,
        'domain' as rule
    from companies
    inner join first_holders on companies.domain = first_holders.domain and first_holders.holder_number = 1
    left join by_account_id on companies.account_key = by_account_id.account_key
    where by_account_id.account_key is null and companies.account_key <> first_holders.account_key
),

edges as (
    select * from by_account_id
    union all
    select * from by_merge
    union all
    select * from by_domain
),

between_known_records as (
    select edges.*
    from edges
    inner join records on edges.account_key = records.account_key
    inner join records as others on edges.other_account_key = others.account_key
)

select * from between_known_records
