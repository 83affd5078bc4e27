with

source as (
    select * from {{ ref('hubspot__lists') }}
),

renamed as (
    select
        -- ids
        _record_id as list_id,

        -- strings
        nullif(trim(name), '') as name,
        case object_type_id
            when '0-1' then 'contacts'
            when '0-2' then 'companies'
            when '0-3' then 'deals'
            when '0-5' then 'tickets'
            else object_type_id
        end as object_type,
        lower(processing_type) as list_type,

        -- numerics
        size as record_count,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        created_at,
        coalesce(updated_at, _modified_at) as modified_at
    from source
)

select * from renamed
