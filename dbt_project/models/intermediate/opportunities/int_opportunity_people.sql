-- Who has a part in each opportunity, and since when: once each, by their main role.
{%- set workflow_seconds = 90 %} -- a contact that is there from the first is said to be so within this time
with

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where mirror_of is null
),

roles as (
    select * from {{ ref('int_contact_roles') }}
),

-- An association has no date of its own that the API shows. HubSpot takes a contact to the stage of
-- opportunities when a deal gets it: said later than its workflows take, that is when it joined.
said_to_join as (
    select
        said.record_key,
        said.occurred_at
    from {{ ref('int_stage_events_said') }} as said
    inner join {{ ref('cfg_entry_rules') }} as entry_rules
        on
            said.stage_key = entry_rules.stage_key
            and entry_rules.rule_on = 'opportunity_open'
    where said.source_system = 'hubspot' and said.evidence = 'history'
),

parts_in_deals as (
    select distinct
        'hubspot:deal:' || associations.from_id as opportunity_key,
        'hubspot:contact:' || associations.to_id as record_key,
        opportunities.created_at,
        opportunities.closed_at,
        opportunities.closed_at is not null and not coalesce(opportunities.is_won, false) as is_lost
    from {{ ref('stg_hubspot__associations') }} as associations
    inner join opportunities on 'hubspot:deal:' || associations.from_id = opportunities.opportunity_key
    where associations.from_type = 'deals' and associations.to_type = 'contacts'
),

-- HubSpot leaves a contact at the stage when their deal is lost: what it said before counts until then.
said_before as (
    select
        said_to_join.record_key,
        said_to_join.occurred_at,
        min(lost.closed_at) as holds_until
    from said_to_join
    left join parts_in_deals as lost
        on
            said_to_join.record_key = lost.record_key
            and lost.is_lost
            and said_to_join.occurred_at <= lost.closed_at
    group by said_to_join.record_key, said_to_join.occurred_at
),

-- It says nothing of this deal where another one explains it, or where it was so before, and still is.
joined_late as (
    select
        parts.opportunity_key,
        parts.record_key,
        min(said_to_join.occurred_at) as joined_at
    from parts_in_deals as parts
    cross join {{ ref('cfg_settings') }} as settings
    inner join said_to_join
        on
            parts.record_key = said_to_join.record_key
            and parts.created_at <= said_to_join.occurred_at
            and said_to_join.occurred_at <= coalesce(parts.closed_at, said_to_join.occurred_at)
    left join parts_in_deals as others
        on
            parts.record_key = others.record_key
            and parts.opportunity_key <> others.opportunity_key
            and {{ seconds_between('others.created_at', 'said_to_join.occurred_at') }}
            between 0 and settings.bounce_seconds
    left join said_before as before
        on
            parts.record_key = before.record_key
            and parts.created_at > before.occurred_at
            and (before.holds_until is null or said_to_join.occurred_at < before.holds_until)
    where others.record_key is null and before.record_key is null
    group by parts.opportunity_key, parts.record_key
),

associated as (
    select
        parts.opportunity_key,
        parts.record_key,
        cast(null as string) as role_id,
        cast(null as string) as role,
        false as is_primary,
        case
            when {{ seconds_between('parts.created_at', 'joined_late.joined_at') }} > {{ workflow_seconds }}
                then joined_late.joined_at
        end as created_at,
        cast(null as {{ instant_type() }}) as ended_at
    from parts_in_deals as parts
    left join joined_late
        on
            parts.opportunity_key = joined_late.opportunity_key
            and parts.record_key = joined_late.record_key
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
        parts.ended_at,
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
    since,
    ended_at
from ranked
where preference = 1
