{{ config(meta={'dagster': {'ref': {'name': 'int_merge_log'}}}) }}

-- An old id must lead to one person of today, and to none that is itself an old id.
select
    old_ids.old_person_id,
    count(*) as persons
from {{ ref('int_merge_log') }} as old_ids
left join {{ ref('int_merge_log') }} as older on old_ids.person_id = older.old_person_id
group by old_ids.old_person_id
having count(*) > 1 or count(older.old_person_id) > 0
