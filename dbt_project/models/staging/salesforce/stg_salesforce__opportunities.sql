with

source as (
    select * from {{ ref('salesforce__opportunities') }}
),

renamed as (
    select
        -- ids
        _record_id as opportunity_id,
        AccountId as account_id,
        OwnerId as owner_id,
        CampaignId as campaign_id,

        -- strings
        nullif(trim(Name), '') as name,
        nullif(trim(StageName), '') as stage_name,
        nullif(trim(Type), '') as opportunity_type,
        nullif(trim(LeadSource), '') as channel,

        -- numerics
        cast(Amount as decimal(18, 2)) as amount,
        cast(Probability as decimal(5, 2)) as probability,

        -- booleans
        coalesce(IsClosed, false) as is_closed,
        coalesce(IsWon, false) as is_won,
        _is_deleted as is_deleted,

        -- dates
        CloseDate as close_date,

        -- timestamps
        LastStageChangeDate as stage_changed_at,
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
