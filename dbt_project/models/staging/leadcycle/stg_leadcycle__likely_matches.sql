with

source as (
    select * from {{ ref('leadcycle__likely_matches') }}
    where not _is_deleted
),

renamed as (
    select
        -- ids
        record_key,
        other_record_key,

        -- strings
        agrees_on,

        -- numbers
        cast(probability as decimal(5, 4)) as probability
    from source
)

select * from renamed
