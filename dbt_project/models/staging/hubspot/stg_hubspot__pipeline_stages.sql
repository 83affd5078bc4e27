with

source as (
    select * from {{ ref('hubspot__pipelines') }}
),

renamed as (
    select
        -- ids
        pipeline_id,
        stage_id,

        -- strings
        object_type,
        pipeline_label,
        stage_label,

        -- numerics
        cast(display_order as integer) as stage_order,
        cast(probability as decimal(5, 4)) as probability,

        -- booleans
        coalesce(is_closed, false) as is_closed,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(updated_at, _modified_at) as modified_at
    from source
)

select * from renamed
