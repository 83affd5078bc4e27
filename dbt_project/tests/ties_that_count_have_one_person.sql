{{ config(meta={'dagster': {'ref': {'name': 'int_person_xref'}}}) }}

-- Two ends of a tie that counts with different persons, and nobody is told of it.
select
    ties.record_key,
    ties.other_record_key,
    ties.rule
from {{ ref('int_identity_ties') }} as ties
inner join {{ ref('int_person_xref') }} as one_end on ties.record_key = one_end.record_key
inner join {{ ref('int_person_xref') }} as other_end on ties.other_record_key = other_end.record_key
left join {{ ref('int_identity_suspects') }} as suspects on ties.component_number = suspects.component_number
where not ties.is_held and one_end.person_id <> other_end.person_id and not coalesce(suspects.is_unsettled, false)
