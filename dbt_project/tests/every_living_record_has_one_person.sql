{{ config(meta={'dagster': {'ref': {'name': 'int_person_xref'}}}) }}

with

persons as (
    select
        record_key,
        count(*) as persons
    from {{ ref('int_person_xref') }}
    group by record_key
)

select
    records.record_key,
    persons.persons
from {{ ref('int_crm_records') }} as records
left join persons on records.record_key = persons.record_key
where persons.persons is null or persons.persons <> 1
