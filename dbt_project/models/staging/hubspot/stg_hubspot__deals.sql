with

source as (
    select * from {{ ref('hubspot__deals') }}
),

renamed as (
    select
        -- ids
        _record_id as deal_id,
        pipeline as pipeline_id,
        dealstage as stage_id,
        hubspot_owner_id as owner_id,
        nullif(trim(salesforceopportunityid), '') as salesforce_opportunity_id,

        -- strings
        nullif(trim(dealname), '') as name,
        nullif(trim(dealtype), '') as opportunity_type,
        nullif(trim(deal_currency_code), '') as currency,

        -- numerics
        cast(amount as decimal(18, 2)) as amount,
        cast(
            case when nullif(trim(deal_currency_code), '') is null then amount else amount_in_home_currency end
            as decimal(18, 2)
        ) as amount_corporate,

        -- booleans
        coalesce(cast(hs_is_closed as boolean), false) as is_closed,
        coalesce(cast(hs_is_closed_won as boolean), false) as is_won,
        _is_deleted as is_deleted,

        -- timestamps
        closedate as close_at,
        coalesce(createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
