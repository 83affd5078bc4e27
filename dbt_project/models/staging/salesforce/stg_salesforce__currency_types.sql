with

source as (
    select * from {{ ref('salesforce__currency_types') }}
),

renamed as (
    select
        -- ids
        _record_id as currency_type_id,

        -- strings
        upper(IsoCode) as currency,

        -- numerics
        cast(ConversionRate as decimal(18, 9)) as units_per_corporate_unit,

        -- booleans
        coalesce(IsCorporate, false) as is_corporate,
        coalesce(IsActive, false) as is_active,
        _is_deleted as is_deleted,

        -- timestamps
        _modified_at as modified_at
    from source
)

select * from renamed
