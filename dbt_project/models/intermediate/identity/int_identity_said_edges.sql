-- Pairs of records that a CRM itself calls one: conversions, merges, ids that the integration keeps.
with

leads as (
    select * from {{ ref('stg_salesforce__leads') }}
),

crm_contacts as (
    select * from {{ ref('stg_salesforce__contacts') }}
),

contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
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
        'hubspot:contact:' || contact_id as record_key,
        'hubspot:contact:' || part as other_record_key,
        'merged_contact' as rule,
        part as evidence
    from merged
    where part <> contact_id
)

select * from by_conversion
union all
select * from by_lead_id
union all
select * from by_contact_id
union all
select * from by_merge
union all
select * from by_master
