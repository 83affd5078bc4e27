/*
Where each account stands, at every instant at which anything is told of it. Until it buys, as far as its people do,
or where the rules put a signal while nobody is known; as long as it is a customer, where its own evidence says. Where
nothing speaks of it any more it stays where it was.
*/
with

furthest as (
    select * from {{ ref('int_account_furthest') }}
),

signals as (
    select * from {{ ref('int_account_signals') }}
),

own_events as (
    select
        *,
        row_number() over (partition by account_id, occurred_at order by event_number desc) as number_from_last
    from {{ ref('int_account_stage_events_arbitrated') }}
),

sales as (
    select * from {{ ref('int_account_sales') }}
),

{% set no_text = 'cast(null as string)' %}
told as (
    select
        account_id,
        occurred_at,
        stage_key as people_stage_key,
        {{ no_text }} as own_stage_key,
        cast(null as integer) as customer,
        evidence,
        source_system
    from furthest
    union all
    select
        account_id,
        occurred_at,
        stage_key as people_stage_key,
        {{ no_text }} as own_stage_key,
        null as customer,
        evidence,
        source_system
    from signals
    union all
    select
        account_id,
        occurred_at,
        {{ no_text }} as people_stage_key,
        stage_key as own_stage_key,
        null as customer,
        evidence,
        source_system
    from own_events
    where number_from_last = 1
    union all
    select
        account_id,
        sold_from as occurred_at,
        {{ no_text }} as people_stage_key,
        {{ no_text }} as own_stage_key,
        1 as customer,
        {{ no_text }} as evidence,
        {{ no_text }} as source_system
    from sales
    union all
    select
        account_id,
        sold_until as occurred_at,
        {{ no_text }} as people_stage_key,
        {{ no_text }} as own_stage_key,
        0 as customer,
        {{ no_text }} as evidence,
        {{ no_text }} as source_system
    from sales
    where sold_until is not null
),

points as (
    select
        account_id,
        occurred_at,
        max(people_stage_key) as people_stage_key,
        max(own_stage_key) as own_stage_key,
        max(customer) as customer,
        max(case when own_stage_key is not null then evidence end) as own_evidence,
        max(case when own_stage_key is not null then source_system end) as own_system,
        max(case when people_stage_key is not null then evidence end) as people_evidence,
        max(case when people_stage_key is not null then source_system end) as people_system
    from told
    group by account_id, occurred_at
),

-- What was told last holds until it is told otherwise.
counted as (
    select
        *,
        count(people_stage_key) over so_far as people_number,
        count(own_stage_key) over so_far as own_number,
        count(customer) over so_far as customer_number
    from points
    window so_far as (
        partition by account_id order by occurred_at
        rows between unbounded preceding and current row
    )
),

carried as (
    select
        *,
        max(people_stage_key) over (partition by account_id, people_number) as people_stands,
        max(own_stage_key) over (partition by account_id, own_number) as own_stands,
        max(customer) over (partition by account_id, customer_number) = 1 as is_customer
    from counted
),

standing as (
    select
        account_id,
        occurred_at,
        coalesce(case when is_customer then own_stands end, people_stands) as stage_key,
        case
            when is_customer and own_stands is not null then own_evidence
            else people_evidence
        end as evidence,
        case
            when is_customer and own_stands is not null then own_system
            else people_system
        end as source_system
    from carried
)

-- A sale that is taken back, or holds again, is told by no event of the stage that follows from it.
select
    account_id,
    occurred_at,
    stage_key,
    coalesce(evidence, 'rule') as evidence,
    source_system
from standing
where stage_key is not null
