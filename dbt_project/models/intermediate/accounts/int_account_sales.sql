-- From when to when each account is a customer: while anything that it bought has not been taken back.
with

sales as (
    select * from {{ ref('int_account_stage_events') }}
    where is_sale
),

changes as (
    select
        account_id,
        occurred_at as changed_at,
        1 as delta
    from sales
    union all
    select
        account_id,
        holds_until as changed_at,
        -1 as delta
    from sales
    where holds_until is not null
),

summed as (
    select
        account_id,
        changed_at,
        sum(delta) as delta
    from changes
    group by account_id, changed_at
),

counted as (
    select
        account_id,
        changed_at,
        sum(delta) over (
            partition by account_id order by changed_at
            rows between unbounded preceding and current row
        ) > 0 as is_customer
    from summed
),

compared as (
    select
        *,
        lag(is_customer) over (partition by account_id order by changed_at) as was_customer
    from counted
),

turns as (
    select
        account_id,
        is_customer,
        changed_at as sold_from,
        lead(changed_at) over (partition by account_id order by changed_at) as sold_until
    from compared
    where is_customer <> coalesce(was_customer, false)
)

select
    account_id,
    sold_from,
    sold_until
from turns
where is_customer
