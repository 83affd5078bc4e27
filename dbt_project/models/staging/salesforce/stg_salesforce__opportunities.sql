with

source as (
    select * from {{ ref('salesforce__opportunities') }}
),

currencies as (
    select * from {{ ref('salesforce__currency_types') }}
    where not _is_deleted
),

renamed as (
    select
        -- ids
        source._record_id as opportunity_id,
        AccountId as account_id,
        OwnerId as owner_id,
        CampaignId as campaign_id,

        -- strings
        nullif(trim(Name), '') as name,
        nullif(trim(StageName), '') as stage_name,
        nullif(trim(Type), '') as opportunity_type,
        nullif(trim(LeadSource), '') as channel,
        CurrencyIsoCode as currency,

        -- numerics
        cast(Amount as decimal(18, 2)) as amount,
        {{ corporate_amount('Amount') }} as amount_corporate,
        cast(Probability as decimal(5, 2)) as probability,

        -- booleans
        coalesce(IsClosed, false) as is_closed,
        coalesce(IsWon, false) as is_won,
        source._is_deleted as is_deleted,

        -- dates
        CloseDate as close_date,

        -- timestamps
        LastStageChangeDate as stage_changed_at,
        coalesce(source.CreatedDate, source._modified_at) as created_at,
        source._modified_at as modified_at
    from source
    left join currencies on source.CurrencyIsoCode = currencies.IsoCode
)

select * from renamed
