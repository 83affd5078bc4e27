with

source as (
    select * from {{ ref('hubspot__properties') }}
),

renamed as (
    select
        -- ids
        _record_id as property_id,

        -- strings
        object_name,
        property_name,
        label,
        type as property_type,
        field_type,
        group_name,
        options,

        -- booleans
        coalesce(is_calculated, false) as is_calculated,
        coalesce(is_hidden, false) as is_hidden,
        _is_deleted as is_deleted,

        -- timestamps
        _modified_at as modified_at
    from source
)

select * from renamed
