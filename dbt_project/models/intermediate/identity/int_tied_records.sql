/*
Which records are one person by what ties them for certain or by rule: a group, or what is left of a
suspicious one without the ties held back. Likely matches, which join such persons, come after it.
*/
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

components as (
    select
        components.*,
        suspects.component_number is not null as is_suspect
    from {{ ref('int_identity_components') }} as components
    left join {{ ref('int_identity_suspects') }} as suspects
        on components.component_number = suspects.component_number
),

{{ connected_labels(edges, rounds=10) }}

select
    components.record_key,
    components.is_suspect,
    case
        when components.is_suspect then coalesce(labels.label, components.record_number)
        else components.component_number
    end as first_number
from components
left join labels on components.record_number = labels.node
