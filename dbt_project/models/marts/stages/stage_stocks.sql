-- How many people, and how many accounts, stand in each stage now; every configured stage has its row.
with

stages as (
    select * from {{ ref('int_account_stages') }}
),

counted as (
    select
        stage_key,
        count(*) as people
    from {{ ref('person_lifecycles') }}
    group by stage_key
),

counted_accounts as (
    select
        stage_key,
        count(*) as accounts
    from {{ ref('account_lifecycles') }}
    group by stage_key
),

stocks as (
    select
        stages.stage_key,
        stages.stage_label,
        stages.stage_rank,
        stages.phase,
        stages.path_key,
        stages.path_label,
        stages.path_type,
        stages.ends_cycle,
        stages.is_of_accounts,
        coalesce(counted.people, 0) as people,
        coalesce(counted_accounts.accounts, 0) as accounts
    from stages
    left join counted on stages.stage_key = counted.stage_key
    left join counted_accounts on stages.stage_key = counted_accounts.stage_key
)

select * from stocks
