{{ config(meta={'dagster': {'ref': {'name': 'account_lifecycles'}}}) }}

-- Every living account that has people or shows itself stands in one stage, no other account in any, and stocks count each.
with

judged as (
    select
        coalesce(accounts.account_id, lifecycles.account_id) as account_id,
        case
            when accounts.account_id is null then 'is gone'
            when lifecycles.account_id is null then 'stands nowhere'
        end as wrong
    from {{ ref('accounts') }} as accounts
    full outer join {{ ref('account_lifecycles') }} as lifecycles on accounts.account_id = lifecycles.account_id
    where
        accounts.account_id is null
        or (lifecycles.account_id is null and accounts.people > 0)
),

stocks as (
    select sum(accounts) as accounts from {{ ref('stage_stocks') }}
),

counted as (
    select count(*) as accounts from {{ ref('account_lifecycles') }}
)

select
    account_id,
    wrong
from judged
union all
select
    'all' as account_id,
    'stocks count ' || cast(stocks.accounts as string) as wrong
from stocks
cross join counted
where stocks.accounts <> counted.accounts
