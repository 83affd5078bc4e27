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

first_reached as (
    select
        channel_kind,
        channel_value,
        min(record_key) as record_key
    from channels
    group by channel_kind, channel_value
),

by_channel as (
    select
        channels.record_key,
        first_reached.record_key as other_record_key,
        channels.channel_kind as rule,
        channels.channel_value as evidence
    from channels
    inner join first_reached
        on
            channels.channel_kind = first_reached.channel_kind
            and channels.channel_value = first_reached.channel_value
    where channels.record_key <> first_reached.record_key
),

edges as (
    select
        *,
        cast(1.00 as decimal(3, 2)) as confidence
    from by_conversion
    union all
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
        cast(1.00 as decimal(3, 2)) as confidence
    from by_master
    union all
    select
        *,
        cast(0.95 as decimal(3, 2)) as confidence
    from by_email
    union all
    select
        *,
        cast(0.90 as decimal(3, 2)) as confidence
    from by_channel
),

between_known_records as (
    select edges.*
    from edges
    inner join records on edges.record_key = records.record_key
    inner join records as others on edges.other_record_key = others.record_key
)

select * from between_known_records
