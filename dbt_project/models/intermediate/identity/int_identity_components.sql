{%- set edges -%}
select
    records.record_number as node,
    others.record_number as neighbour
from {{ ref('int_identity_edges') }} as edges
inner join {{ ref('int_crm_records') }} as records on edges.record_key = records.record_key
inner join {{ ref('int_crm_records') }} as others on edges.other_record_key = others.record_key
{%- endset %}
-- Which group of tied records each record belongs to, by the number of the group's first record.
with

records as (
    select * from {{ ref('int_crm_records') }}
),

{{ connected_labels(edges, rounds=10) }}

select
    records.record_key,
    records.record_number,
    coalesce(labels.label, records.record_number) as component_number
from records
left join labels on records.record_number = labels.node
