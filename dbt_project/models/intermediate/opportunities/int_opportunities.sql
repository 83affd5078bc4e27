-- Opportunities of either CRM that existed at as_of. A deal that HubSpot holds for an Opportunity is its mirror.
with

opportunities as (
    select * from {{ ref('stg_salesforce__opportunities') }}
),

deals as (
    select * from {{ ref('stg_hubspot__deals') }}
),

opportunity_stages as (
    select
        stage_name,
        min(stage_label) as stage_label
    from {{ ref('stg_salesforce__opportunity_stages') }}
    where not is_deleted
    group by stage_name
),

stages as (
    select
        stage_id,
        min(stage_label) as stage_label
    from {{ ref('stg_hubspot__pipeline_stages') }}
    where object_type = 'deals'
    group by stage_id
),

companies as (
    select
        from_id as deal_id,
        to_id as company_id,
        row_number() over (
            partition by from_id order by case when type_id = 5 then 1 else 2 end, to_id
        ) as preference
    from {{ ref('stg_hubspot__associations') }}
    where from_type = 'deals' and to_type = 'companies'
),

salesforce as (
    select
        'salesforce:opportunity:' || opportunity_id as opportunity_key,
        'salesforce' as source_system,
        opportunity_id as record_id,
        'salesforce:account:' || account_id as account_key,
        name,
        owner_id,
        opportunities.stage_name as stage_id,
        coalesce(opportunity_stages.stage_label, opportunities.stage_name) as stage_label,
        currency,
        amount,
        amount_corporate,
        close_date,
        is_closed,
        is_won,
        created_at,
        case
            when is_closed
                then coalesce(stage_changed_at, least(cast(close_date as {{ instant_type() }}), modified_at))
        end as closed_at,
        cast(null as string) as mirror_of,
        is_deleted and modified_at <= {{ as_of() }} as is_deleted,
        case when is_deleted and modified_at <= {{ as_of() }} then modified_at end as deleted_at
    from opportunities
    left join opportunity_stages on opportunities.stage_name = opportunity_stages.stage_name
),

hubspot as (
    select
        'hubspot:deal:' || deals.deal_id as opportunity_key,
        'hubspot' as source_system,
        deals.deal_id as record_id,
        'hubspot:company:' || companies.company_id as account_key,
        deals.name,
        deals.owner_id,
        deals.stage_id,
        coalesce(stages.stage_label, deals.stage_id) as stage_label,
        deals.currency,
        deals.amount,
        deals.amount_corporate,
        cast(deals.close_at as date) as close_date,
        deals.is_closed,
        deals.is_won,
        deals.created_at,
        case when deals.is_closed then least(deals.close_at, deals.modified_at) end as closed_at,
        'salesforce:opportunity:' || opportunities.opportunity_id as mirror_of,
        deals.is_deleted and deals.modified_at <= {{ as_of() }} as is_deleted,
        case when deals.is_deleted and deals.modified_at <= {{ as_of() }} then deals.modified_at end as deleted_at
    from deals
    left join stages on deals.stage_id = stages.stage_id
    left join companies on deals.deal_id = companies.deal_id and companies.preference = 1
    left join opportunities
        on
            {{ salesforce_id15('deals.salesforce_opportunity_id') }}
            = {{ salesforce_id15('opportunities.opportunity_id') }}
),

known as (
    select * from salesforce
    union all
    select * from hubspot
)

select * from known
where created_at <= {{ as_of() }}
