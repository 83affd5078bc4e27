-- The account of each person's record: the first rule that finds one that is not deleted.
with

records as (
    select * from {{ ref('int_crm_records') }}
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
        0 as preference
    from {{ ref('stg_salesforce__contacts') }}
    where account_id is not null
),

by_association as (
    select
        'hubspot:contact:' || from_id as record_key,
        'hubspot:company:' || to_id as account_key,
        'company_association' as match_rule,
        2 as rule_rank,
        case when type_id = 1 then 0 else 1 end as preference
    from {{ ref('stg_hubspot__associations') }}
    where from_type = 'contacts' and to_type = 'companies'
),

by_conversion as (
    select
        'salesforce:lead:' || lead_id as record_key,
        'salesforce:account:' || converted_account_id as account_key,
        'converted_account' as match_rule,
        3 as rule_rank,
        0 as preference
    from {{ ref('stg_salesforce__leads') }}
    where converted_account_id is not null
),

-- Accounts have no domain here where anybody may have a mailbox.
by_email_domain as (
    select
        records.record_key,
        account_records.account_key,
        'email_domain' as match_rule,
        4 as rule_rank,
        case account_records.source_system when 'salesforce' then 0 else 1 end as preference
    from records
    inner join account_records on split_part(records.email, '@', 2) = account_records.domain
    where not account_records.is_deleted
),

candidates as (
    select * from by_account_id
    union all
    select * from by_association
    union all
    select * from by_conversion
    union all
    select * from by_email_domain
),

ranked as (
    select
        records.record_key,
        xref.account_id,
        candidates.match_rule,
        candidates.rule_rank,
        row_number() over (
            partition by records.record_key
            order by candidates.rule_rank, candidates.preference, account_records.record_number
        ) as choice
    from candidates
    inner join records on candidates.record_key = records.record_key
    inner join account_records on candidates.account_key = account_records.account_key
    inner join {{ ref('int_account_xref') }} as xref on candidates.account_key = xref.account_key
    where xref.is_living
)

select
    record_key,
    account_id,
    match_rule,
    rule_rank
from ranked
where choice = 1
