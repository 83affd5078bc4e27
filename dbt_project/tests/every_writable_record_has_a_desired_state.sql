{{ config(meta={'dagster': {'ref': {'name': 'sync_salesforce__leads'}}}) }}

with

writable as (
    select
        source_system,
        object_name,
        record_id
    from {{ ref('int_crm_records') }}
    where not is_deleted and not is_converted
),

desired as (
    select
        'salesforce' as source_system,
        'lead' as object_name,
        record_id
    from {{ ref('sync_salesforce__leads') }}
    union all
    select
        'salesforce' as source_system,
        'contact' as object_name,
        record_id
    from {{ ref('sync_salesforce__contacts') }}
    union all
    select
        'hubspot' as source_system,
        'contact' as object_name,
        record_id
    from {{ ref('sync_hubspot__contacts') }}
)

select writable.*
from writable
left join desired
    on
        writable.source_system = desired.source_system
        and writable.object_name = desired.object_name
        and writable.record_id = desired.record_id
where desired.record_id is null
