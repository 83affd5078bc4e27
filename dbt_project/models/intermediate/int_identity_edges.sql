with

records as (
    select * from {{ ref('int_crm_records') }}
),

leads as (
    select * from {{ ref('stg_salesforce__leads') }}
),

crm_contacts as (
    select * from {{ ref('stg_salesforce__contacts') }}
),

contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
),

channels as (
    select * from {{ ref('int_record_channels') }}
    where not is_shared
),

emails as (
    select * from {{ ref('int_record_emails') }}
    where not is_role_address
),

by_lead_id as (
    select
        'hubspot:contact:' || contacts.contact_id as record_key,
        'salesforce:lead:' || leads.lead_id as other_record_key,
        'salesforce_lead_id' as rule,
        contacts.salesforce_lead_id as evidence
    from contacts
    inner join leads
        on {{ salesforce_id15('contacts.salesforce_lead_id') }} = {{ salesforce_id15('leads.lead_id') }}
),

by_contact_id as (
    select
        'hubspot:contact:' || contacts.contact_id as record_key,
        'salesforce:contact:' || crm_contacts.contact_id as other_record_key,
        'salesforce_contact_id' as rule,
        contacts.salesforce_contact_id as evidence
    from contacts
    inner join crm_contacts
        on {{ salesforce_id15('contacts.salesforce_contact_id') }} = {{ salesforce_id15('crm_contacts.contact_id') }}
),

by_conversion as (
    select
        'salesforce:contact:' || converted_contact_id as record_key,
        'salesforce:lead:' || lead_id as other_record_key,
        'converted_lead' as rule,
        converted_contact_id as evidence
    from leads
    where converted_contact_id is not null
),

by_master as (
    select
        'salesforce:lead:' || lead_id as record_key,
        'salesforce:lead:' || master_record_id as other_record_key,
        'master_record' as rule,
        master_record_id as evidence
    from leads
    where master_record_id is not null
    union all
    select
        'salesforce:contact:' || contact_id as record_key,
        'salesforce:contact:' || master_record_id as other_record_key,
        'master_record' as rule,
        master_record_id as evidence
    from crm_contacts
    where master_record_id is not null
),

merged as (
    {{ split_rows('contacts', 'contact_id', 'merged_contact_ids', ';') }}
),

by_merge as (
    select
        'hubspot:contact:' || merged.contact_id as record_key,
        'hubspot:contact:' || merged.part as other_record_key,
        'merged_contact' as rule,
        merged.part as evidence
    from merged
),

holdings as (
    select
        record_key,
        'email' as rule,
        email as evidence
    from emails
    union all
    select
        record_key,
        channel_kind as rule,
        channel_value as evidence
    from channels
),

-- Every holder of an address or a number is tied to its first one: n - 1 edges instead of n x n.
first_holders as (
    select
        rule,
        evidence,
        min(record_key) as record_key
    from holdings
    group by rule, evidence
),

by_holding as (
    select
        holdings.record_key,
        first_holders.record_key as other_record_key,
        holdings.rule,
        holdings.evidence
    from holdings
    inner join first_holders
        on
            holdings.rule = first_holders.rule
            and holdings.evidence = first_holders.evidence
    where holdings.record_key <> first_holders.record_key
),

pairs as (
    select * from by_conversion
    union all
    select * from by_lead_id
    union all
    select * from by_contact_id
    union all
    select * from by_merge
    union all
    select * from by_master
    union all
    select * from by_holding
),

-- What a CRM says of two records is certain; an address may be lent, a number even more so.
edges as (
    select
        pairs.*,
        cast(
            case when rule in ('mobile', 'chat') then 0.90 when rule = 'email' then 0.95 else 1.00 end
            as decimal(3, 2)
        ) as confidence
    from pairs
),

between_known_records as (
    select edges.*
    from edges
    inner join records on edges.record_key = records.record_key
    inner join records as others on edges.other_record_key = others.record_key
)

select * from between_known_records
