-- Which person each record is: those tied to one another, with whom likely matches join them, if rules use such.
with

records as (
    select * from {{ ref('int_crm_records') }}
),

numbered as (
    select
        tied.record_key,
        coalesce(likely.joined_number, tied.first_number) as first_number
    from {{ ref('int_tied_records') }} as tied
    left join {{ ref('int_likely_groups') }} as likely on tied.first_number = likely.first_number
),

-- Records are numbered by when their CRM created them, which never changes: the id is the first one's.
persons as (
    select
        records.record_key,
        records.source_system,
        records.object_name,
        records.record_id,
        {{ person_id('first_records.record_key') }} as person_id
    from records
    inner join numbered on records.record_key = numbered.record_key
    inner join records as first_records on numbered.first_number = first_records.record_number
)

select * from persons
