with

leads as (
    select
        'salesforce:lead:' || lead_id as record_key,
        'salesforce' as source_system,
        'lead' as object_name,
        lead_id as record_id,
        owner_id,
        email,
        cast(null as varchar) as additional_emails,
        first_name,
        last_name,
        company,
        title,
        country,
        industry,
        channel,
        employees,
        status as stage_value,
        'Status' as stage_field,
        is_converted,
        is_deleted,
        created_at,
        modified_at
    from {{ ref('stg_salesforce__leads') }}
),

contacts as (
    select
        'hubspot:contact:' || contact_id as record_key,
        'hubspot' as source_system,
        'contact' as object_name,
        contact_id as record_id,
        owner_id,
        email,
        additional_emails,
        first_name,
        last_name,
        company,
        title,
        country,
        industry,
        channel,
        employees,
        lifecycle_stage as stage_value,
        'lifecyclestage' as stage_field,
        false as is_converted,
        is_deleted,
        created_at,
        modified_at
    from {{ ref('stg_hubspot__contacts') }}
),

records as (
    select * from leads
    union all
    select * from contacts
),

seen_from_now as (
    select
        {{ all_but(['is_deleted'], 'records') }},
        records.is_deleted and records.modified_at <= {{ as_of() }} as is_deleted,
        case
            when records.is_deleted and records.modified_at <= {{ as_of() }} then records.modified_at
        end as deleted_at,
        row_number() over (order by records.created_at, records.record_key) as record_number
    from records
    where records.created_at <= {{ as_of() }}
)

select * from seen_from_now
