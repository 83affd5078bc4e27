{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'account_stints'}}}) }}

-- A field of stage_map.csv that the CRM lacks, or that our user may not see, moves no account: create it, or name another.
with

named as (
    select distinct
        source_system,
        object_name,
        field_name,
        case source_system when 'salesforce' then 'Account' else 'companies' end as catalog_name
    from {{ ref('cfg_account_stage_map') }}
),

known as (
    select
        'salesforce' as source_system,
        object_name,
        field_name
    from {{ ref('stg_salesforce__fields') }}
    where not is_deleted
    union all
    select
        'hubspot' as source_system,
        object_name,
        property_name as field_name
    from {{ ref('stg_hubspot__properties') }}
    where not is_deleted
),

-- Where no field of the object is known, the list of fields has not been read.
listed as (
    select distinct
        source_system,
        object_name
    from known
)

select
    named.source_system,
    named.object_name,
    named.field_name
from named
inner join listed on named.source_system = listed.source_system and named.catalog_name = listed.object_name
left join known
    on
        named.source_system = known.source_system
        and named.catalog_name = known.object_name
        and named.field_name = known.field_name
where known.field_name is null
