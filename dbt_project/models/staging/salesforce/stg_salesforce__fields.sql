with

source as (
    select * from {{ ref('salesforce__fields') }}
),

renamed as (
    select
        -- ids
        _record_id as field_id,

        -- strings
        object_name,
        field_name,
        label,
        field_type,
        options,
        default_value,

        -- booleans
        coalesce(is_calculated, false) as is_calculated,
        coalesce(is_custom, false) as is_custom,
        _is_deleted as is_deleted,

        -- timestamps
        _modified_at as modified_at
    from source
)

select * from renamed
