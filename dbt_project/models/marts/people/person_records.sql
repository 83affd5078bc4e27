-- Which person each CRM record is: what a reader who has a record's id asks for.
with

records as (
    select * from {{ ref('int_person_records') }}
),

named as (
    select
        record_key,
        source_system,
        object_name,
        record_id,
        person_id,
        is_deleted
    from records
)

select * from named
