with

source as (
    select * from {{ ref('salesforce__opportunity_stages') }}
),

renamed as (
    select
        -- ids
        _record_id as opportunity_stage_id,

        -- strings
        coalesce(nullif(trim(ApiName), ''), nullif(trim(MasterLabel), '')) as stage_name,
        coalesce(nullif(trim(MasterLabel), ''), nullif(trim(ApiName), '')) as stage_label,
        ForecastCategoryName as forecast_category,

        -- numerics
        cast(SortOrder as integer) as stage_order,
        cast(DefaultProbability as decimal(5, 2)) as probability,

        -- booleans
        coalesce(IsActive, false) as is_active,
        coalesce(IsClosed, false) as is_closed,
        coalesce(IsWon, false) as is_won,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
