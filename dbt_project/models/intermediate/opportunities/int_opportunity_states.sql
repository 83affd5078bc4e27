/*
Every opening, winning and losing of an opportunity. Histories hold names of stages; what a name means
today int_opportunity_stages says.
*/
with

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where mirror_of is null
),

-- What a stage is taken for when nobody knows it says nothing about an opportunity.
stage_states as (
    select
        source_system,
        stage_id,
        case when state = 'won' then 2 when state = 'lost' then 1 else 0 end as state_rank
    from {{ ref('int_opportunity_stages') }}
    where is_state_known
),

history as (
    select
        'salesforce:opportunity:' || opportunity_id as opportunity_key,
        opportunity_history_id as history_id,
        stage_name as stage_id,
        changed_at
    from {{ ref('stg_salesforce__opportunity_histories') }}
    union all
    select
        'hubspot:deal:' || deal_id as opportunity_key,
        deal_history_id as history_id,
        new_value as stage_id,
        changed_at
    from {{ ref('stg_hubspot__deal_histories') }}
    where field_name = 'dealstage'
),

numbered as (
    select
        *,
        min(changed_at) over (partition by opportunity_key) as first_changed_at,
        row_number() over (
            partition by opportunity_key order by changed_at desc, history_id desc
        ) as number_from_end
    from history
),

-- The last row of a history speaks of the stage that the record holds: the record knows what that means.
read_from_history as (
    select
        opportunities.opportunity_key,
        numbered.changed_at,
        1 as source_rank,
        numbered.history_id,
        'history' as evidence,
        case
            when numbered.number_from_end > 1 or numbered.stage_id <> opportunities.stage_id
                then stage_states.state_rank
            when opportunities.is_won then 2
            when opportunities.is_closed then 1
            else 0
        end as state_rank
    from opportunities
    inner join numbered on opportunities.opportunity_key = numbered.opportunity_key
    left join stage_states
        on opportunities.source_system = stage_states.source_system and numbered.stage_id = stage_states.stage_id
),

-- Whatever an opportunity became, it was open once.
opened as (
    select
        opportunities.opportunity_key,
        least(opportunities.created_at, numbered.first_changed_at) as changed_at,
        0 as source_rank,
        '' as history_id,
        'history' as evidence,
        0 as state_rank
    from opportunities
    left join numbered
        on opportunities.opportunity_key = numbered.opportunity_key and numbered.number_from_end = 1
),

-- What the record holds and no history explains.
held_now as (
    select
        opportunities.opportunity_key,
        greatest(
            coalesce(opportunities.closed_at, opportunities.created_at),
            opportunities.created_at,
            coalesce(numbered.changed_at, opportunities.created_at)
        ) as changed_at,
        2 as source_rank,
        '' as history_id,
        'snapshot' as evidence,
        case when opportunities.is_won then 2 when opportunities.is_closed then 1 else 0 end as state_rank
    from opportunities
    left join numbered
        on opportunities.opportunity_key = numbered.opportunity_key and numbered.number_from_end = 1
    where numbered.stage_id is null or numbered.stage_id <> opportunities.stage_id
),

said as (
    select * from opened
    union all
    select * from read_from_history
    union all
    select * from held_now
),

-- Of what was said of one instant that counts which stands last in the order of stages: a loss after a win. So do
-- stays read them. A stage that no longer means anything says nothing.
by_instant as (
    select
        *,
        row_number() over (
            partition by opportunity_key, changed_at
            order by source_rank desc, case state_rank when 1 then 3 else state_rank end desc, history_id desc
        ) as word_from_end
    from said
    where changed_at <= {{ as_of() }} and state_rank is not null
),

followed as (
    select
        *,
        lag(state_rank) over (partition by opportunity_key order by changed_at) as previous_rank
    from by_instant
    where word_from_end = 1
),

changes as (
    select
        opportunity_key,
        row_number() over (partition by opportunity_key order by changed_at) as state_number,
        case state_rank when 2 then 'won' when 1 then 'lost' else 'open' end as state,
        changed_at,
        evidence
    from followed
    where previous_rank is null or previous_rank <> state_rank
)

select * from changes
