with

people as (
    select * from {{ ref('int_people') }}
),

published as (
    select
        person_id,
        email,
        full_name,
        company,
        title,
        country,
        channel,
        owner_id,
        systems,
        record_count,
        first_seen_at,
        last_seen_at
    from people
)

select * from published
