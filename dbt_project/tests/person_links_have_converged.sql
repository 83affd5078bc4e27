{{ config(meta={'dagster': {'ref': {'name': 'int_person_xref'}}}) }}

-- Two ends of an edge with different persons: the component needs more rounds than we give it.
select
    edges.record_key,
    edges.other_record_key,
    edges.rule
from {{ ref('int_identity_edges') }} as edges
inner join {{ ref('int_person_xref') }} as one_end on edges.record_key = one_end.record_key
inner join {{ ref('int_person_xref') }} as other_end on edges.other_record_key = other_end.record_key
where one_end.person_id <> other_end.person_id
