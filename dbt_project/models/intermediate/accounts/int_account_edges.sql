/*
Pairs of Accounts and companies that are the same company. A domain ties HubSpot's companies only:
two Accounts with one domain are two on purpose (subsidiaries), until somebody merges them. So does
a name, where the country is the same and no two domains contradict it.
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
        'web_domain' as rule
    from companies
    inner join first_holders on companies.domain = first_holders.domain and first_holders.holder_number = 1
    left join by_account_id on companies.account_key = by_account_id.account_key
    where by_account_id.account_key is null and companies.account_key <> first_holders.account_key
),

first_of_name as (
    select
        name_key,
        country_code,
        account_key,
        row_number() over (
            partition by name_key, country_code
            order by case source_system when 'salesforce' then 1 else 2 end, record_number
        ) as holder_number
    from records
    where name_key is not null and country_code is not null and not is_deleted
),

-- One name with two domains is the name of two companies; of a third nobody can tell which it is.
names_of_several as (
    select
        name_key,
        country_code
    from records
    where name_key is not null and country_code is not null and not is_deleted
    group by name_key, country_code
    having count(distinct domain) > 1
),

by_name as (
    select
        companies.account_key,
        first_of_name.account_key as other_account_key,
        'company_name' as rule
    from companies
    inner join first_of_name
        on
            companies.name_key = first_of_name.name_key
            and companies.country_code = first_of_name.country_code
            and first_of_name.holder_number = 1
    left join by_account_id on companies.account_key = by_account_id.account_key
    left join by_domain on companies.account_key = by_domain.account_key
    left join names_of_several
        on
            companies.name_key = names_of_several.name_key
            and companies.country_code = names_of_several.country_code
    where
        names_of_several.name_key is null
        and by_account_id.account_key is null
        and by_domain.account_key is null
        and companies.account_key <> first_of_name.account_key
),

said as (
    select * from by_account_id
    union all
    select * from by_merge
),

guessed as (
    select * from by_domain
    union all
    select * from by_name
),

edges as (
    select
        said.*,
        cast(1 as decimal(3, 2)) as confidence
    from said
    union all
    select
        guessed.*,
        rules.confidence
    from guessed
    inner join {{ ref('cfg_identity_rules') }} as rules on guessed.rule = rules.rule
),

between_known_records as (
    select edges.*
    from edges
    inner join records on edges.account_key = records.account_key
    inner join records as others on edges.other_account_key = others.account_key
)

select * from between_known_records
