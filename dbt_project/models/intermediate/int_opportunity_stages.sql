/*
The stages of opportunities, in order. HubSpot says where each stands in its pipeline. Salesforce's history says
with what probability an opportunity was in it: the less likely to be won, the earlier. What closes comes last.
*/
with

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where mirror_of is null
),

histories as (
    select * from {{ ref('stg_salesforce__opportunity_histories') }}
),

likelihoods as (
    select
        stage_name,
        avg(cast(probability as double)) as probability
    from histories
    where stage_name is not null
    group by stage_name
),

-- What a name means is read from the opportunities that are in the stage today.
meanings as (
    select
        stage_id as stage_name,
        max(case when is_won then 2 when is_closed then 1 else 0 end) as state_rank
    from opportunities
    where source_system = 'salesforce' and stage_id is not null
    group by stage_id
),

salesforce as (
    select
        'salesforce' as source_system,
        coalesce(likelihoods.stage_name, meanings.stage_name) as stage_id,
        coalesce(likelihoods.stage_name, meanings.stage_name) as stage_label,
        cast(null as string) as pipeline_label,
        '' as pipeline_id,
        coalesce(meanings.state_rank, 0) as state_rank,
        coalesce(likelihoods.probability, 0) as place
    from likelihoods
    full outer join meanings on likelihoods.stage_name = meanings.stage_name
),

pipeline_stages as (
    select
        *,
        row_number() over (partition by stage_id order by pipeline_id) as mention
    from {{ ref('stg_hubspot__pipeline_stages') }}
    where object_type = 'deals'
),

hubspot as (
    select
        'hubspot' as source_system,
        stage_id,
        stage_label,
        pipeline_label,
        pipeline_id,
        case when is_closed and probability >= 1 then 2 when is_closed then 1 else 0 end as state_rank,
        cast(stage_order as double) as place
    from pipeline_stages
    where mention = 1
),

-- A stage that its pipeline has lost is still on deals and in histories.
mentioned as (
    select
        stage_id,
        max(case when is_won then 2 when is_closed then 1 else 0 end) as state_rank
    from opportunities
    where source_system = 'hubspot' and stage_id is not null
    group by stage_id
    union all
    select distinct
        new_value as stage_id,
        0 as state_rank
    from {{ ref('stg_hubspot__deal_histories') }}
    where field_name = 'dealstage' and new_value is not null
),

retired as (
    select
        'hubspot' as source_system,
        mentioned.stage_id,
        mentioned.stage_id as stage_label,
        cast(null as string) as pipeline_label,
        '' as pipeline_id,
        max(mentioned.state_rank) as state_rank,
        cast(-1 as double) as place
    from mentioned
    left join hubspot on mentioned.stage_id = hubspot.stage_id
    where hubspot.stage_id is null
    group by mentioned.stage_id
),

all_stages as (
    select * from salesforce
    union all
    select * from hubspot
    union all
    select * from retired
)

select
    source_system || ':' || stage_id as stage_key,
    source_system,
    stage_id,
    stage_label,
    pipeline_label,
    case state_rank when 2 then 'won' when 1 then 'lost' else 'open' end as state,
    case state_rank when 1 then 'detour' else 'success' end as path_type,
    state_rank = 1 as ends_cycle,
    state_rank > 0 as is_decision,
    cast(row_number() over (
        partition by source_system, pipeline_id
        order by case state_rank when 0 then 0 when 2 then 1 else 2 end, place, stage_id
    ) as integer) as stage_rank
from all_stages
