/*
Stages of Salesforce's Opportunities in order. Salesforce's own list says where each stands and what it
means, also when it is no longer active. A name that the list lacks (renamed, or the list is hidden from
our user) means what the Opportunities in it are today, and stands by how likely a win was from there.
*/
with

listed as (
    select
        stage_name as stage_id,
        stage_label,
        coalesce(stage_order, 0) as stage_order,
        coalesce(probability, 0) as probability,
        is_active and not is_deleted as is_in_use,
        case when is_won then 2 when is_closed then 1 else 0 end as state_rank,
        row_number() over (
            partition by stage_name
            order by
                case when is_deleted then 1 else 0 end, case when is_active then 0 else 1 end, opportunity_stage_id
        ) as mention
    from {{ ref('stg_salesforce__opportunity_stages') }}
    where stage_name is not null
),

-- Exact sums: the mean of doubles depends on the order in which they are added.
likelihoods as (
    select
        stage_name as stage_id,
        cast(coalesce(sum(probability), 0) as double) / greatest(count(probability), 1) as probability
    from {{ ref('stg_salesforce__opportunity_histories') }}
    where stage_name is not null and changed_at <= {{ as_of() }}
    group by stage_name
),

-- What a name means is read from the opportunities that are in the stage today.
meanings as (
    select
        stage_id,
        max(case when is_won then 2 when is_closed then 1 else 0 end) as state_rank
    from {{ ref('int_opportunities') }}
    where source_system = 'salesforce' and stage_id is not null
    group by stage_id
),

mentioned as (
    select
        coalesce(likelihoods.stage_id, meanings.stage_id) as stage_id,
        meanings.state_rank,
        coalesce(likelihoods.probability, 0) as probability
    from likelihoods
    full outer join meanings on likelihoods.stage_id = meanings.stage_id
),

unlisted as (
    select
        mentioned.stage_id,
        mentioned.state_rank,
        mentioned.probability
    from mentioned
    left join listed on mentioned.stage_id = listed.stage_id
    where listed.stage_id is null
),

-- Behind the last open stage of the list from which a win is no likelier.
anchored as (
    select
        unlisted.stage_id,
        unlisted.state_rank,
        unlisted.probability,
        max(listed.stage_order) as stage_order
    from unlisted
    left join listed
        on
            listed.mention = 1
            and listed.state_rank = 0
            and cast(listed.probability as double) <= unlisted.probability
    group by unlisted.stage_id, unlisted.state_rank, unlisted.probability
),

placed as (
    select
        stage_id,
        stage_label,
        state_rank,
        true as is_state_known,
        is_in_use,
        stage_order,
        0 as after_listed,
        cast(0 as double) as probability
    from listed
    where mention = 1
    union all
    select
        stage_id,
        stage_id as stage_label,
        coalesce(state_rank, 0) as state_rank,
        state_rank is not null as is_state_known,
        -- without a list nobody knows better
        state_rank is not null or (select count(*) from listed) = 0 as is_in_use,
        coalesce(stage_order, -1) as stage_order,
        1 as after_listed,
        probability
    from anchored
)

select
    stage_id,
    stage_label,
    state_rank,
    is_state_known,
    is_in_use,
    cast(row_number() over (order by stage_order, after_listed, probability, stage_id) as integer) as place
from placed
