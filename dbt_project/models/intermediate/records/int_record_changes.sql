{{ config(materialized='view') }}
-- What the CRMs' change logs say of each record's fields, one row for each change.
with

-- The history of a deleted record is deleted with it, and is no less true.
lead_histories as (
    select * from {{ ref('stg_salesforce__lead_histories') }}
),

salesforce_contact_histories as (
    select * from {{ ref('stg_salesforce__contact_histories') }}
),

contact_histories as (
    select * from {{ ref('stg_hubspot__contact_histories') }}
    where not is_deleted
),

changes as (
    select
        'salesforce:lead:' || lead_id as record_key,
        'salesforce' as source_system,
        lead_history_id as event_id,
        field_name,
        old_value,
        new_value,
        changed_at,
        true as is_by_person
    from lead_histories
    union all
    select
        'salesforce:contact:' || contact_id as record_key,
        'salesforce' as source_system,
        contact_history_id as event_id,
        field_name,
        old_value,
        new_value,
        changed_at,
        true as is_by_person
    from salesforce_contact_histories
    union all
    select
        'hubspot:contact:' || contact_id as record_key,
        'hubspot' as source_system,
        contact_history_id as event_id,
        field_name,
        cast(null as string) as old_value,
        new_value,
        changed_at,
        is_by_person
    from contact_histories
)

select * from changes
