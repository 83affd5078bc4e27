-- Pairs of records that are the same human, and why; without those that a person told apart.
with

records as (
    select * from {{ ref('int_crm_records') }}
),

named as (
    select * from {{ ref('cfg_identity_groups') }}
),

holdings as (
    select * from {{ ref('int_identity_holdings') }}
),

-- Every holder of an address or a number is tied to its first one: n - 1 edges instead of n x n.
first_holders as (
    select
        rule,
        evidence,
        held_by,
        min(record_key) as record_key
    from holdings
    group by rule, evidence, held_by
),

by_holding as (
    select
        holdings.record_key,
        first_holders.record_key as other_record_key,
        holdings.rule,
        holdings.evidence,
        rules.confidence
    from holdings
    inner join {{ ref('cfg_identity_rules') }} as rules on holdings.rule = rules.rule
    inner join first_holders
        on
            holdings.rule = first_holders.rule
            and holdings.evidence = first_holders.evidence
            and holdings.held_by = first_holders.held_by
    where holdings.record_key <> first_holders.record_key
),

first_named as (
    select
        named.group_key,
        min(named.record_key) as record_key
    from named
    inner join records on named.record_key = records.record_key
    group by named.group_key
),

by_decision as (
    select
        named.record_key,
        first_named.record_key as other_record_key,
        'decision' as rule,
        'identity.csv' as evidence,
        cast(1 as decimal(3, 2)) as confidence
    from named
    inner join first_named on named.group_key = first_named.group_key
    where named.record_key <> first_named.record_key
),

edges as (
    select
        said.*,
        cast(1 as decimal(3, 2)) as confidence
    from {{ ref('int_identity_said_edges') }} as said
    union all
    select * from by_holding
    union all
    select * from by_decision
),

between_known_records as (
    select edges.*
    from edges
    inner join records on edges.record_key = records.record_key
    inner join records as others on edges.other_record_key = others.record_key
    left join named on edges.record_key = named.record_key
    left join named as named_others on edges.other_record_key = named_others.record_key
    left join {{ ref('cfg_identity_splits') }} as splits
        on
            named.group_key = splits.group_key
            and named_others.group_key = splits.other_group_key
    where splits.group_key is null
)

select * from between_known_records
