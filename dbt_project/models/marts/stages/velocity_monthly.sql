/*
Completed moves along the success path by the month (UTC) in which they were completed. Means of
completed moves leave out the people who are still waiting: `n_open` counts them, and a slow month
can look fast because of it. A move seen once has a row in every month since its first stage was
first entered, so that a month without a move is a row with n = 0 and no average.
*/
with

stints as (
    select * from {{ ref('stage_stints') }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
    where path_type = 'success'
),

digits as (
    select ten.digit from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as ten (digit)
),

month_numbers as (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit as month_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
),

moves as (
    select
        person_id,
        stage_key as from_stage_key,
        next_stage_key as to_stage_key,
        cast(date_trunc('month', exited_at) as date) as period_month,
        days_in_stage
    from stints
    where exit_type = 'advance'
),

transitions as (
    select distinct
        from_stage_key,
        to_stage_key
    from moves
),

first_months as (
    select
        stage_key,
        cast(date_trunc('month', min(entered_at)) as date) as first_month
    from stints
    group by stage_key
),

months as (
    select
        transitions.from_stage_key,
        transitions.to_stage_key,
        {{ add_months('first_months.first_month', 'month_numbers.month_number') }} as period_month
    from transitions
    inner join first_months on transitions.from_stage_key = first_months.stage_key
    cross join month_numbers
    where {{ add_months('first_months.first_month', 'month_numbers.month_number') }} <= cast({{ as_of() }} as date)
),

came_and_went as (
    select
        stage_key,
        cast(date_trunc('month', entered_at) as date) as period_month,
        1 as difference
    from stints
    union all
    select
        stage_key,
        cast(date_trunc('month', exited_at) as date) as period_month,
        -1 as difference
    from stints
    where exited_at is not null
),

flows as (
    select
        stage_key,
        period_month,
        sum(difference) as difference
    from came_and_went
    group by stage_key, period_month
),

-- Waiting at a month's end (or now): all who came so far, without those who went so far.
waiting as (
    select
        months.period_month,
        months.from_stage_key,
        months.to_stage_key,
        cast(coalesce(sum(flows.difference), 0) as bigint) as n_open
    from months
    left join flows on months.from_stage_key = flows.stage_key and months.period_month >= flows.period_month
    group by months.period_month, months.from_stage_key, months.to_stage_key
),

completed as (
    select
        period_month,
        from_stage_key,
        to_stage_key,
        count(*) as n,
        -- Summed as decimals: a sum of doubles depends on the order of the rows.
        cast(sum(cast(days_in_stage as decimal(18, 9))) / count(*) as double) as mean_days,
        {{ median('days_in_stage') }} as median_days
    from moves
    group by period_month, from_stage_key, to_stage_key
),

velocity as (
    select
        waiting.period_month,
        waiting.from_stage_key,
        from_stages.stage_label as from_stage_label,
        from_stages.stage_rank as from_stage_rank,
        waiting.to_stage_key,
        to_stages.stage_label as to_stage_label,
        to_stages.stage_rank as to_stage_rank,
        coalesce(completed.n, 0) as n,
        completed.mean_days,
        completed.median_days,
        waiting.n_open
    from waiting
    inner join stages as from_stages on waiting.from_stage_key = from_stages.stage_key
    inner join stages as to_stages on waiting.to_stage_key = to_stages.stage_key
    left join completed
        on
            waiting.period_month = completed.period_month
            and waiting.from_stage_key = completed.from_stage_key
            and waiting.to_stage_key = completed.to_stage_key
)

select * from velocity
