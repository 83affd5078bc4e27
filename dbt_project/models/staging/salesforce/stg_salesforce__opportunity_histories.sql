with

source as (
    select * from {{ ref('salesforce__opportunity_histories') }}
),

renamed as (
    select
        -- ids
        _record_id as opportunity_history_id,
        OpportunityId as opportunity_id,
        CreatedById as changed_by_id,

        -- strings
        nullif(trim(StageName), '') as stage_name,

        -- numerics
        cast(Amount as decimal(18, 2)) as amount,
        cast(Probability as decimal(5, 2)) as probability,

        -- booleans
        _is_deleted as is_deleted,

        -- dates
        CloseDate as close_date,

        -- timestamps
        CreatedDate as changed_at
    from source
)

select * from renamed
