/*
What the records of living accounts hold in the fields that the rules read. No history of these fields is read: a value
is known to have stood there when its record was changed last, and not since when.
*/
with

mapped_fields as (
    select distinct
        source_system,
        object_name,
        field_name
    from {{ ref('cfg_account_stage_map') }}
),

records as (
    select
        'salesforce:account:' || account_id as account_key,
        'salesforce' as source_system,
        'account' as object_name,
        all_fields,
        modified_at
    from {{ ref('stg_salesforce__accounts') }}
    where not is_deleted
    union all
    select
        'hubspot:company:' || company_id as account_key,
        'hubspot' as source_system,
        'company' as object_name,
        all_fields,
        modified_at
    from {{ ref('stg_hubspot__companies') }}
    where not is_deleted
),

held as (
    select
        records.account_key,
        records.source_system,
        records.object_name,
        mapped_fields.field_name,
        nullif(trim({{ field_named('records.all_fields', 'mapped_fields.field_name') }}), '') as field_value,
        records.modified_at as occurred_at
    from records
    inner join mapped_fields
        on
            records.source_system = mapped_fields.source_system
            and records.object_name = mapped_fields.object_name
    where records.modified_at <= {{ as_of() }}
)

select
    held.account_key || ':' || held.field_name as event_id,
    xref.account_id,
    held.*
from held
inner join {{ ref('int_account_xref') }} as xref on held.account_key = xref.account_key
where held.field_value is not null and xref.is_living
