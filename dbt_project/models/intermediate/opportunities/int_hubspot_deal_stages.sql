/*
Stages of HubSpot's deals in the order of their pipelines. A stage that its pipeline has lost stays where it
last stood. One that was gone before we first read the pipelines is known by its id alone: it belongs to the
pipeline of most of the deals that were in it, and stands before all stages of that, the first used first.
*/
with

listed as (
    select
        *,
        case when is_closed and probability >= 1 then 2 when is_closed then 1 else 0 end as state_rank,
        row_number() over (
            partition by stage_id order by case when is_deleted then 1 else 0 end, pipeline_id
        ) as mention
    from {{ ref('stg_hubspot__pipeline_stages') }}
    where object_type = 'deals'
),

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where source_system = 'hubspot' and mirror_of is null
),

deals as (
    select
        deal_id,
        coalesce(pipeline_id, '') as pipeline_id
    from {{ ref('stg_hubspot__deals') }}
),

visits as (
    select
        deal_id,
        new_value as stage_id,
        cast(null as integer) as state_rank,
        changed_at
    from {{ ref('stg_hubspot__deal_histories') }}
    where field_name = 'dealstage' and new_value is not null and changed_at <= {{ as_of() }}
    union all
    select
        record_id as deal_id,
        stage_id,
        case when is_won then 2 when is_closed then 1 else 0 end as state_rank,
        created_at as changed_at
    from opportunities
    where stage_id is not null
),

unlisted_visits as (
    select
        visits.*,
        coalesce(deals.pipeline_id, '') as pipeline_id
    from visits
    left join listed on visits.stage_id = listed.stage_id
    left join deals on visits.deal_id = deals.deal_id
    where listed.stage_id is null
),

by_pipeline as (
    select
        stage_id,
        pipeline_id,
        row_number() over (
            partition by stage_id order by count(distinct deal_id) desc, pipeline_id
        ) as preference
    from unlisted_visits
    group by stage_id, pipeline_id
),

pipelines as (
    select
        pipeline_id,
        min(pipeline_label) as pipeline_label
    from listed
    group by pipeline_id
),

unlisted as (
    select
        stage_id,
        max(state_rank) as state_rank,
        min(changed_at) as first_used_at
    from unlisted_visits
    group by stage_id
),

placed as (
    select
        pipeline_id,
        pipeline_label,
        stage_id,
        stage_label,
        state_rank,
        true as is_state_known,
        not is_deleted as is_in_use,
        coalesce(stage_order, 0) as stage_order,
        {{ instant('1970-01-01T00:00:00Z') }} as first_used_at
    from listed
    where mention = 1
    union all
    select
        by_pipeline.pipeline_id,
        pipelines.pipeline_label,
        unlisted.stage_id,
        unlisted.stage_id as stage_label,
        coalesce(unlisted.state_rank, 0) as state_rank,
        unlisted.state_rank is not null as is_state_known,
        false as is_in_use,
        -1 as stage_order,
        unlisted.first_used_at
    from unlisted
    inner join by_pipeline on unlisted.stage_id = by_pipeline.stage_id and by_pipeline.preference = 1
    left join pipelines on by_pipeline.pipeline_id = pipelines.pipeline_id
)

select
    pipeline_id,
    pipeline_label,
    stage_id,
    stage_label,
    state_rank,
    is_state_known,
    is_in_use,
    cast(row_number() over (
        partition by pipeline_id
        -- the stages behind one that was taken out have moved up to its number
        order by stage_order, case when is_in_use then 1 else 0 end, first_used_at, stage_id
    ) as integer) as place
from placed
