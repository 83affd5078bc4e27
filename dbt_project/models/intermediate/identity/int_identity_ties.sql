-- Every edge, and whether it is held back because its group is suspicious.
with

components as (
    select * from {{ ref('int_identity_components') }}
),

suspects as (
    select * from {{ ref('int_identity_suspects') }}
)

select
    edges.record_key,
    edges.other_record_key,
    edges.rule,
    edges.confidence,
    components.component_number,
    suspects.component_number is not null as is_suspect,
    coalesce(edges.confidence < suspects.counts_from, false) as is_held
from {{ ref('int_identity_edges') }} as edges
inner join components on edges.record_key = components.record_key
left join suspects on components.component_number = suspects.component_number
