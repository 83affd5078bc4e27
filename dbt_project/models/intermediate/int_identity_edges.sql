with

records as (
    select * from {{ ref('int_crm_records') }}
),

leads as (
    select * from {{ ref('stg_salesforce__leads') }}
),

contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
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
        'salesforce:lead:' || leads.lead_id as other_record_key,
        'salesforce_contact_id' as rule,
        contacts.salesforce_contact_id as evidence
    from contacts
    inner join leads
        on {{ salesforce_id15('contacts.salesforce_contact_id') }} = {{ salesforce_id15('leads.converted_contact_id') }}
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

-- Every holder of an address is tied to its first one: n - 1 edges instead of n x n.
first_holders as (
    select
        email,
        min(record_key) as record_key
    from emails
    group by email
),

by_email as (
    select
        emails.record_key,
        first_holders.record_key as other_record_key,
        'email' as rule,
        emails.email as evidence
    from emails
    inner join first_holders on emails.email = first_holders.email
    where emails.record_key <> first_holders.record_key
),

edges as (
    select
        *,
        cast(1.00 as decimal(3, 2)) as confidence
    from by_lead_id
    union all
    select
        *,
        cast(1.00 as decimal(3, 2)) as confidence
    from by_contact_id
    union all
    select
        *,
        cast(1.00 as decimal(3, 2)) as confidence
    from by_merge
    union all
    select
        *,
        cast(0.95 as decimal(3, 2)) as confidence
    from by_email
),

between_known_records as (
    select edges.*
    from edges
    inner join records on edges.record_key = records.record_key
    inner join records as others on edges.other_record_key = others.record_key
)

select * from between_known_records
