{{ config(materialized='view') }}
-- What each record's own stage fields hold, as last read: one row for each field.
with

fields as (
    select
        'salesforce:lead:' || lead_id as record_key,
        'Status' as field_name,
        status as field_value
    from {{ ref('stg_salesforce__leads') }}
    union all
    select
        'salesforce:contact:' || contact_id as record_key,
        'Status__c' as field_name,
        status as field_value
    from {{ ref('stg_salesforce__contacts') }}
    union all
    select
        'hubspot:contact:' || contact_id as record_key,
        'lifecyclestage' as field_name,
        lifecycle_stage as field_value
    from {{ ref('stg_hubspot__contacts') }}
    union all
    select
        'hubspot:contact:' || contact_id as record_key,
        'hs_lead_status' as field_name,
        lead_status as field_value
    from {{ ref('stg_hubspot__contacts') }}
),

-- When we decided, the last time, to write what stands there.
written as (
    select
        record_key,
        field_name,
        written_value,
        max(decided_at) as written_at
    from {{ ref('int_own_writes') }}
    group by record_key, field_name, written_value
)

select
    fields.*,
    written.written_at
from fields
left join written
    on
        fields.record_key = written.record_key
        and fields.field_name = written.field_name
        and fields.field_value = written.written_value
