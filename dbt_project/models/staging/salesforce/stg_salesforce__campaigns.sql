with

source as (
    select * from {{ ref('salesforce__campaigns') }}
),

renamed as (
    select
        -- ids
        _record_id as campaign_id,
        OwnerId as owner_id,

        -- strings
        nullif(trim(Name), '') as name,
        nullif(trim(Type), '') as campaign_type,
        nullif(trim(Status), '') as status,

        -- numerics
        cast(ActualCost as decimal(18, 2)) as actual_cost,
        cast(BudgetedCost as decimal(18, 2)) as budgeted_cost,

        -- booleans
        coalesce(IsActive, false) as is_active,
        _is_deleted as is_deleted,

        -- dates
        StartDate as start_date,
        EndDate as end_date,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
