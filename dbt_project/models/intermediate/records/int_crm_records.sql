with

accounts as (
    select * from {{ ref('stg_salesforce__accounts') }}
),

leads as (
    select
        'salesforce:lead:' || lead_id as record_key,
        'salesforce' as source_system,
        'lead' as object_name,
        lead_id as record_id,
        owner_id,
        email,
        cast(null as string) as additional_emails,
        email_bounced_at <= {{ as_of() }} as is_bounced,
        phone,
        mobile_phone,
        chat_id,
        first_name,
        last_name,
        company,
        title,
        cast(null as string) as buying_roles,
        country,
        industry,
        channel,
        employees,
        is_converted,
        is_deleted,
        created_at,
        modified_at
    from {{ ref('stg_salesforce__leads') }}
),

-- What a Lead says of its company, a Contact leaves to its Account.
salesforce_contacts as (
    select
        'salesforce:contact:' || contacts.contact_id as record_key,
        'salesforce' as source_system,
        'contact' as object_name,
        contacts.contact_id as record_id,
        contacts.owner_id,
        contacts.email,
        cast(null as string) as additional_emails,
        contacts.email_bounced_at <= {{ as_of() }} as is_bounced,
        contacts.phone,
        contacts.mobile_phone,
        contacts.chat_id,
        contacts.first_name,
        contacts.last_name,
        accounts.name as company,
        contacts.title,
        cast(null as string) as buying_roles,
        coalesce(contacts.country, accounts.country) as country,
        accounts.industry,
        contacts.channel,
        accounts.employees,
        false as is_converted,
        contacts.is_deleted,
        contacts.created_at,
        contacts.modified_at
    from {{ ref('stg_salesforce__contacts') }} as contacts
    left join accounts on contacts.account_id = accounts.account_id
),

all_hubspot_contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
),

merged as (
    {{ split_rows('all_hubspot_contacts', 'contact_id', 'merged_contact_ids', ';') }}
),

-- HubSpot marks nobody as merged: the survivor names whom it swallowed.
merged_away as (
    select
        merged.part as contact_id,
        min(survivors.modified_at) as merged_at
    from merged
    inner join all_hubspot_contacts as survivors on merged.contact_id = survivors.contact_id
    where merged.part <> merged.contact_id
    group by merged.part
),

hubspot_contacts as (
    select
        'hubspot:contact:' || contacts.contact_id as record_key,
        'hubspot' as source_system,
        'contact' as object_name,
        contacts.contact_id as record_id,
        contacts.owner_id,
        contacts.email,
        contacts.additional_emails,
        contacts.hard_bounce_reason is not null as is_bounced,
        contacts.phone,
        contacts.mobile_phone,
        contacts.chat_id,
        contacts.first_name,
        contacts.last_name,
        contacts.company,
        contacts.title,
        contacts.buying_roles,
        contacts.country,
        contacts.industry,
        contacts.channel,
        contacts.employees,
        false as is_converted,
        contacts.is_deleted or merged_away.contact_id is not null as is_deleted,
        contacts.created_at,
        greatest(contacts.modified_at, coalesce(merged_away.merged_at, contacts.modified_at)) as modified_at
    from all_hubspot_contacts as contacts
    left join merged_away on contacts.contact_id = merged_away.contact_id
),

records as (
    select * from leads
    union all
    select * from salesforce_contacts
    union all
    select * from hubspot_contacts
),

seen_from_now as (
    select
        {{ all_but(['is_bounced', 'is_deleted'], 'records') }},
        coalesce(records.is_bounced, false) as is_bounced,
        records.is_deleted and records.modified_at <= {{ as_of() }} as is_deleted,
        case
            when records.is_deleted and records.modified_at <= {{ as_of() }} then records.modified_at
        end as deleted_at,
        row_number() over (order by records.created_at, records.record_key) as record_number
    from records
    where records.created_at <= {{ as_of() }}
)

select * from seen_from_now
