{{ config(meta={'dagster': {'ref': {'name': 'stage_stints'}}}) }}

with

open_stints as (
    select
        person_id,
        count(*) as stints
    from {{ ref('stage_stints') }}
    where exit_type = 'open'
    group by person_id
),

people as (
    select person_id from {{ ref('people') }}
)

select
    people.person_id,
    open_stints.person_id as open_person_id,
    open_stints.stints
from people
full outer join open_stints on people.person_id = open_stints.person_id
where people.person_id is null or open_stints.person_id is null or open_stints.stints > 1
