/*
Persons whom likely matches join, and as whom: the first of them. Where together they would have more
records or addresses than one human is likely to have, were told apart, or are more than could be
followed, none of them is joined.
*/
{%- set edges -%}
select
    first_number as node,
    other_first_number as neighbour
from {{ ref('int_likely_pairs') }}
where is_tie
{%- endset %}
with

{{ connected_labels(edges, rounds=10) }},

tied as (
    select
        tied.record_key,
        tied.first_number,
        labels.label
    from {{ ref('int_tied_records') }} as tied
    inner join labels on tied.first_number = labels.node
),

sizes as (
    select
        label,
        count(*) as records
    from tied
    group by label
),

addresses as (
    select
        tied.label,
        count(distinct emails.email) as addresses
    from tied
    inner join {{ ref('int_record_emails') }} as emails on tied.record_key = emails.record_key
    where emails.is_corporate and emails.is_evidence
    group by tied.label
),

named as (
    select
        tied.label,
        named.group_key
    from {{ ref('cfg_identity_groups') }} as named
    inner join tied on named.record_key = tied.record_key
),

told_apart as (
    select distinct named.label
    from named
    inner join {{ ref('cfg_identity_splits') }} as splits on named.group_key = splits.group_key
    inner join named as others
        on
            splits.other_group_key = others.group_key
            and named.label = others.label
),

crossing as (
    select
        one.label,
        other.label as other_label
    from {{ ref('int_likely_pairs') }} as pairs
    inner join labels as one on pairs.first_number = one.node
    inner join labels as other on pairs.other_first_number = other.node
    where pairs.is_tie and one.label <> other.label
),

unsettled as (
    select label from crossing
    union
    select other_label as label from crossing
),

allowed as (
    select sizes.label
    from sizes
    cross join {{ ref('cfg_identity_limits') }} as limits
    left join addresses on sizes.label = addresses.label
    left join told_apart on sizes.label = told_apart.label
    left join unsettled on sizes.label = unsettled.label
    where
        sizes.records <= limits.max_records
        and coalesce(addresses.addresses, 0) <= limits.max_addresses
        and told_apart.label is null
        and unsettled.label is null
)

select
    labels.node as first_number,
    labels.label as joined_number
from labels
inner join allowed on labels.label = allowed.label
