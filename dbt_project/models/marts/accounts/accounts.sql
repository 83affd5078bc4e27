-- One row for each company with a living Account or company record, the best value of each field.
with

records as (
    select
        xref.account_id,
        records.*
    from {{ ref('int_account_records') }} as records
    inner join {{ ref('int_account_xref') }} as xref on records.account_key = xref.account_key
    where not records.is_deleted
),

-- Sales keep their accounts by hand: theirs are believed first, then the oldest.
ranked as (
    select
        *,
        row_number() over (
            partition by account_id
            order by case source_system when 'salesforce' then 1 else 2 end, record_number
        ) as preference
    from records
),

filled as (
    select
        account_id,
        preference,
        {{ first_known('name') }} as name,
        {{ first_known('domain') }} as domain,
        {{ first_known('industry') }} as industry,
        {{ first_known('country') }} as country,
        {{ first_known('employees') }} as employees,
        {{ first_known('owner_id') }} as owner_id,
        {{ first_known("case source_system when 'salesforce' then record_id end") }} as salesforce_account_id,
        {{ first_known("case source_system when 'hubspot' then record_id end") }} as hubspot_company_id
    from ranked
    window by_preference as (
        partition by account_id order by preference
        rows between unbounded preceding and unbounded following
    )
),

seen as (
    select
        account_id,
        min(created_at) as first_seen_at,
        sum(page_views) as page_views,
        min(case when first_seen_on_site_at <= {{ as_of() }} then first_seen_on_site_at end) as first_signal_at
    from records
    group by account_id
),

people as (
    select
        account_id,
        count(*) as people
    from {{ ref('people') }}
    where account_id is not null
    group by account_id
),

pipeline as (
    select
        account_id,
        sum(case when state = 'open' then 1 else 0 end) as open_opportunities,
        sum(case when state = 'won' then 1 else 0 end) as won_opportunities,
        {{ whole_sum('amount_corporate', "state = 'open'", 'amount') }} as amount_open,
        {{ whole_sum('amount_corporate', "state = 'won'", 'amount') }} as amount_won
    from {{ ref('opportunities') }}
    where account_id is not null
    group by account_id
),

accounts as (
    select
        filled.account_id,
        filled.name,
        filled.domain,
        filled.industry,
        filled.country,
        filled.employees,
        filled.owner_id,
        filled.salesforce_account_id,
        filled.hubspot_company_id,
        seen.first_seen_at,
        cast(coalesce(seen.page_views, 0) as bigint) as page_views,
        seen.first_signal_at,
        coalesce(people.people, 0) as people,
        cast(coalesce(pipeline.open_opportunities, 0) as bigint) as open_opportunities,
        cast(coalesce(pipeline.won_opportunities, 0) as bigint) as won_opportunities,
        cast(
            case when pipeline.account_id is null then 0 else pipeline.amount_open end as decimal(18, 2)
        ) as amount_open,
        cast(
            case when pipeline.account_id is null then 0 else pipeline.amount_won end as decimal(18, 2)
        ) as amount_won
    from filled
    inner join seen on filled.account_id = seen.account_id
    left join people on filled.account_id = people.account_id
    left join pipeline on filled.account_id = pipeline.account_id
    where filled.preference = 1
)

select * from accounts
