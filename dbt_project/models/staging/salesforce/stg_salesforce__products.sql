with

source as (
    select * from {{ ref('salesforce__products') }}
),

renamed as (
    select
        -- ids
        _record_id as product_id,

        -- strings
        nullif(trim(Name), '') as name,
        nullif(trim(ProductCode), '') as product_code,
        nullif(trim(Family), '') as product_family,

        -- booleans
        coalesce(IsActive, false) as is_active,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
