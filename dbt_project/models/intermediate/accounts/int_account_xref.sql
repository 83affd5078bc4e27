{%- set edges -%}
select
    records.record_number as node,
    others.record_number as neighbour
from {{ ref('int_account_edges') }} as edges
inner join {{ ref('int_account_records') }} as records on edges.account_key = records.account_key
inner join {{ ref('int_account_records') }} as others on edges.other_account_key = others.account_key
{%- endset %}
with

records as (
    select * from {{ ref('int_account_records') }}
),

{{ connected_labels(edges, rounds=8) }},

-- Named after the record that was created first, so that the id stays when others join.
companies as (
    select
        records.account_key,
        'a_' || {{ hash('first_records.account_key') }} as account_id,
        max(case when records.is_deleted then 0 else 1 end) over (
            partition by first_records.account_key
        ) = 1 as is_living
    from records
    left join labels on records.record_number = labels.node
    inner join records as first_records
        on coalesce(labels.label, records.record_number) = first_records.record_number
)

select * from companies
