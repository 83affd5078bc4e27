-- Who has a part in each opportunity, and since when: once each, by their main role.
with

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where mirror_of is null
),

roles as (
    select
        'salesforce:opportunity:' || opportunity_id as opportunity_key,
        'salesforce:contact:' || contact_id as record_key,
        role_id,
        role,
        is_primary,
        created_at
    from {{ ref('stg_salesforce__opportunity_contact_roles') }}
    where contact_id is not null and not (is_deleted and modified_at <= {{ as_of() }})
),

-- An association has no date of its own that the API shows.
associated as (
    select distinct
        'hubspot:deal:' || from_id as opportunity_key,
        'hubspot:contact:' || to_id as record_key,
        cast(null as varchar) as role_id,
        cast(null as varchar) as role,
        false as is_primary,
        cast(null as {{ instant_type() }}) as created_at
    from {{ ref('stg_hubspot__associations') }}
    where from_type = 'deals' and to_type = 'contacts'
),

parts as (
    select * from roles
    union all
    select * from associated
),

dated as (
    select
        parts.opportunity_key,
        parts.record_key,
        parts.role_id,
        parts.role,
        parts.is_primary,
        greatest(coalesce(parts.created_at, opportunities.created_at), opportunities.created_at) as part_since
    from parts
    inner join opportunities on parts.opportunity_key = opportunities.opportunity_key
),

ranked as (
    select
        *,
        min(part_since) over (partition by opportunity_key, record_key) as since,
        row_number() over (
            partition by opportunity_key, record_key
            order by case when is_primary then 1 else 2 end, part_since, role_id
        ) as preference
    from dated
    where part_since <= {{ as_of() }}
)

select
    opportunity_key,
    record_key,
    role_id,
    role,
    is_primary,
    since
from ranked
where preference = 1
