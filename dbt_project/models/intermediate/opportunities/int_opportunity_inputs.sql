-- A fingerprint of each opportunity that a record has a part in, and of the part.
with

states as (
    select
        opportunity_key,
        {{ hash_sum('states') }} as inputs
    from {{ ref('int_opportunity_states') }} as states
    where changed_at <= {{ as_of() }}
    group by opportunity_key
),

opportunities as (
    select
        opportunities.opportunity_key,
        {{ hash_sum('opportunities') }} + coalesce(max(states.inputs), 0) as inputs
    from {{ ref('int_opportunities') }} as opportunities
    left join states on opportunities.opportunity_key = states.opportunity_key
    group by opportunities.opportunity_key
),

roles as (
    select
        'salesforce:opportunity:' || opportunity_id as opportunity_key,
        'salesforce:contact:' || contact_id as record_key,
        {{ hash_sum('roles') }}
        + sum(case when created_at <= {{ as_of() }} then 1 else 0 end)
        + sum(case when modified_at <= {{ as_of() }} then 1 else 0 end) as inputs
    from {{ ref('stg_salesforce__opportunity_contact_roles') }} as roles
    group by opportunity_id, contact_id
),

associations as (
    select
        'hubspot:deal:' || from_id as opportunity_key,
        'hubspot:contact:' || to_id as record_key,
        {{ hash_sum('associations') }} as inputs
    from {{ ref('stg_hubspot__associations') }} as associations
    where from_type = 'deals' and to_type = 'contacts'
    group by from_id, to_id
),

parts as (
    select * from roles
    union all
    select * from associations
)

select
    parts.opportunity_key,
    parts.record_key,
    parts.inputs + opportunities.inputs as inputs
from parts
inner join opportunities on parts.opportunity_key = opportunities.opportunity_key
