-- Which person each record is: its group, or what is left of a suspicious one without the ties held back.
{%- set edges -%}
select
    components.record_number as node,
    others.record_number as neighbour
from {{ ref('int_identity_ties') }} as edges
inner join {{ ref('int_identity_components') }} as components on edges.record_key = components.record_key
inner join {{ ref('int_identity_components') }} as others on edges.other_record_key = others.record_key
where edges.is_suspect and not edges.is_held
{%- endset %}
with

records as (
    select * from {{ ref('int_crm_records') }}
),

components as (
    select
        components.*,
        suspects.component_number is not null as is_suspect
    from {{ ref('int_identity_components') }} as components
    left join {{ ref('int_identity_suspects') }} as suspects
        on components.component_number = suspects.component_number
),

{{ connected_labels(edges, rounds=10) }},

numbered as (
    select
        components.record_key,
        case
            when components.is_suspect then coalesce(labels.label, components.record_number)
            else components.component_number
        end as first_number
    from components
    left join labels on components.record_number = labels.node
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
