-- The stages of opportunities of either CRM, in order. What closes comes last.
with

all_stages as (
    select
        'salesforce' as source_system,
        '' as pipeline_id,
        cast(null as string) as pipeline_label,
        stage_id,
        stage_label,
        state_rank,
        is_state_known,
        is_in_use,
        place
    from {{ ref('int_salesforce_opportunity_stages') }}
    union all
    select
        'hubspot' as source_system,
        pipeline_id,
        pipeline_label,
        stage_id,
        stage_label,
        state_rank,
        is_state_known,
        is_in_use,
        place
    from {{ ref('int_hubspot_deal_stages') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_system, pipeline_id
            order by case state_rank when 0 then 0 when 2 then 1 else 2 end, place
        ) as stage_rank
    from all_stages
)

select
    source_system || ':' || stage_id as stage_key,
    source_system,
    stage_id,
    stage_label,
    pipeline_id,
    pipeline_label,
    case state_rank when 2 then 'won' when 1 then 'lost' else 'open' end as state,
    is_state_known,
    case state_rank when 1 then 'detour' else 'success' end as path_type,
    state_rank = 1 as ends_cycle,
    state_rank > 0 as is_decision,
    is_in_use,
    cast(stage_rank as integer) as stage_rank,
    cast(coalesce(
        sum(case when is_in_use and state_rank = 0 then 1 else 0 end) over (
            partition by source_system, pipeline_id order by stage_rank
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) as integer) as open_stages_before
from ranked
