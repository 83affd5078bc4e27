{{ config(meta={'dagster': {'ref': {'name': 'sync_salesforce__leads'}}}) }}

with

writable as (
    select
        record_id,
        'lead' as object_name
    from {{ ref('current_salesforce__leads') }}
    where not is_deleted and not is_converted
    union all
    select
        record_id,
        'contact' as object_name
    from {{ ref('current_hubspot__contacts') }}
    where not is_deleted
),

known as (
    select
        record_id,
        object_name
    from {{ ref('int_crm_records') }}
),

desired as (
    select
        record_id,
        'lead' as object_name
    from {{ ref('sync_salesforce__leads') }}
    union all
    select
        record_id,
        'contact' as object_name
    from {{ ref('sync_hubspot__contacts') }}
)

select writable.*
from writable
inner join known
    on writable.record_id = known.record_id and writable.object_name = known.object_name
left join desired
    on writable.record_id = desired.record_id and writable.object_name = desired.object_name
where desired.record_id is null
