with

source as (
    select * from {{ ref('salesforce__opportunity_line_items') }}
),

currencies as (
    select * from {{ ref('salesforce__currency_types') }}
    where not _is_deleted
),

renamed as (
    select
        -- ids
        source._record_id as line_item_id,
        OpportunityId as opportunity_id,
        Product2Id as product_id,

        -- strings
        CurrencyIsoCode as currency,

        -- numerics
        cast(Quantity as decimal(18, 4)) as quantity,
        cast(UnitPrice as decimal(18, 4)) as unit_price,
        cast(TotalPrice as decimal(18, 2)) as amount,
        {{ corporate_amount('TotalPrice') }} as amount_corporate,

        -- booleans
        source._is_deleted as is_deleted,

        -- dates
        ServiceDate as service_date,

        -- timestamps
        coalesce(source.CreatedDate, source._modified_at) as created_at,
        source._modified_at as modified_at
    from source
    left join currencies on source.CurrencyIsoCode = currencies.IsoCode
)

select * from renamed
