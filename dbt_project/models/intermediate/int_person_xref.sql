with

records as (
    select * from {{ ref('int_crm_records') }}
),

edges as (
    select * from {{ ref('int_identity_edges') }}
),

numbered_edges as (
    select
        records.record_number as node,
        others.record_number as neighbour
    from edges
    inner join records on edges.record_key = records.record_key
    inner join records as others on edges.other_record_key = others.record_key
),

links as (
    select
        node,
        neighbour
    from numbered_edges
    union
    select
        neighbour as node,
        node as neighbour
    from numbered_edges
),

nodes as (
    select distinct node from links
),

{{ connected_labels(rounds=10) }},

-- Records are numbered by when they were first seen: the smallest label is the person's first record.
persons as (
    select
        records.record_key,
        records.source_system,
        records.object_name,
        records.record_id,
        'p_' || {{ hash('first_records.record_key') }} as person_id
    from records
    left join labels_10 as labels on records.record_number = labels.node
    inner join records as first_records
        on coalesce(labels.label, records.record_number) = first_records.record_number
)

select * from persons
