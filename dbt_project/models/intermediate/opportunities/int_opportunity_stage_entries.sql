-- One row for each stay of an opportunity in a stage of its CRM: repeats collapsed, slips dropped.
with

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where mirror_of is null
),

stages as (
    select * from {{ ref('int_opportunity_stages') }}
),

settings as (
    select * from {{ ref('cfg_settings') }}
),

history as (
    select
        'salesforce:opportunity:' || opportunity_id as opportunity_key,
        opportunity_history_id as stage_event_id,
        stage_name as stage_id,
        changed_at
    from {{ ref('stg_salesforce__opportunity_histories') }}
    where stage_name is not null
    union all
    select
        'hubspot:deal:' || deal_id as opportunity_key,
        deal_history_id as stage_event_id,
        new_value as stage_id,
        changed_at
    from {{ ref('stg_hubspot__deal_histories') }}
    where field_name = 'dealstage' and new_value is not null
),

kept as (
    select
        history.*,
        row_number() over (
            partition by opportunity_key order by changed_at desc, stage_event_id desc
        ) as number_from_end
    from history
),

-- A stage that no history tells of: the record has been in it since it closed or was made, at the earliest.
-- What the record holds now was not so before a change that came after as_of.
held_now as (
    select
        opportunities.opportunity_key,
        opportunities.opportunity_key || ':held' as stage_event_id,
        opportunities.stage_id,
        opportunities.closed_at,
        greatest(
            coalesce(opportunities.closed_at, opportunities.created_at),
            opportunities.created_at,
            coalesce(kept.changed_at, opportunities.created_at)
        ) as changed_at
    from opportunities
    left join kept
        on opportunities.opportunity_key = kept.opportunity_key and kept.number_from_end = 1
    where
        opportunities.stage_id is not null
        and (
            kept.stage_id is null
            or (kept.stage_id <> opportunities.stage_id and kept.changed_at <= {{ as_of() }})
        )
),

said as (
    select
        opportunity_key,
        stage_event_id,
        stage_id,
        'history' as evidence,
        changed_at,
        false as changed_at_is_lower_bound
    from kept
    where changed_at <= {{ as_of() }}
    union all
    select
        opportunity_key,
        stage_event_id,
        stage_id,
        'snapshot' as evidence,
        changed_at,
        coalesce(changed_at <> closed_at, true) as changed_at_is_lower_bound
    from held_now
    where changed_at <= {{ as_of() }}
),

events as (
    select
        said.stage_event_id,
        said.opportunity_key,
        opportunities.source_system,
        stages.stage_key,
        said.evidence,
        stages.is_decision,
        row_number() over (
            partition by said.opportunity_key
            order by
                date_trunc('second', said.changed_at), stages.stage_rank,
                case said.evidence when 'history' then 1 else 2 end, said.stage_event_id
        ) as event_number,
        said.changed_at as occurred_at,
        said.changed_at_is_lower_bound as occurred_at_is_lower_bound
    from said
    inner join opportunities on said.opportunity_key = opportunities.opportunity_key
    inner join stages
        on
            opportunities.source_system = stages.source_system
            and said.stage_id = stages.stage_id
),

{{ stage_entries('opportunity_key') }}

select * from entries
