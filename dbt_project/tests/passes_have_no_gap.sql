{{ config(meta={'dagster': {'ref': {'name': 'stage_stints'}}}) }}

select
    person_id,
    stage_key,
    count(*) as stints,
    count(distinct pass_number) as passes,
    max(pass_number) as last_pass
from {{ ref('stage_stints') }}
group by person_id, stage_key
having count(*) <> count(distinct pass_number) or count(*) <> max(pass_number)
