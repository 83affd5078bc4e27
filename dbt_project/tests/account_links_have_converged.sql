{{ config(meta={'dagster': {'ref': {'name': 'int_account_xref'}}}) }}

-- Two ends of an edge with different accounts: the component needs more rounds than we give it.
select
    edges.account_key,
    edges.other_account_key,
    edges.rule
from {{ ref('int_account_edges') }} as edges
inner join {{ ref('int_account_xref') }} as one_end on edges.account_key = one_end.account_key
inner join {{ ref('int_account_xref') }} as other_end on edges.other_account_key = other_end.account_key
where one_end.account_id <> other_end.account_id
