/*
Groups of records that one human is unlikely to have, until a person confirms them: too many records,
too many corporate addresses, or more links than could be followed. `counts_from` is the least
confidence at which a tie counts within them.
*/
with

components as (
    select * from {{ ref('int_identity_components') }}
),

limits as (
    select * from {{ ref('cfg_identity_limits') }}
),

sizes as (
    select
        components.component_number,
        count(*) as records,
        count(distinct coalesce(named.group_key, components.record_key)) as undecided
    from components
    left join {{ ref('cfg_identity_groups') }} as named on components.record_key = named.record_key
    group by components.component_number
),

addresses as (
    select
        components.component_number,
        count(distinct emails.email) as addresses
    from components
    inner join {{ ref('int_record_emails') }} as emails on components.record_key = emails.record_key
    where emails.is_corporate and emails.is_evidence
    group by components.component_number
),

unsettled as (
    select distinct one_end.component_number
    from {{ ref('int_identity_edges') }} as edges
    inner join components as one_end on edges.record_key = one_end.record_key
    inner join components as other_end on edges.other_record_key = other_end.record_key
    where one_end.component_number <> other_end.component_number
    union
    select distinct other_end.component_number
    from {{ ref('int_identity_edges') }} as edges
    inner join components as one_end on edges.record_key = one_end.record_key
    inner join components as other_end on edges.other_record_key = other_end.record_key
    where one_end.component_number <> other_end.component_number
),

judged as (
    select
        sizes.component_number,
        sizes.records,
        sizes.undecided,
        coalesce(addresses.addresses, 0) as addresses,
        limits.hold_below,
        sizes.records > limits.max_records as has_too_many_records,
        coalesce(addresses.addresses, 0) > limits.max_addresses as has_too_many_addresses,
        unsettled.component_number is not null as is_unsettled
    from sizes
    cross join limits
    left join addresses on sizes.component_number = addresses.component_number
    left join unsettled on sizes.component_number = unsettled.component_number
)

select
    component_number,
    records,
    addresses,
    has_too_many_records,
    has_too_many_addresses,
    is_unsettled,
    case when has_too_many_records or is_unsettled then cast(1 as decimal(3, 2)) else hold_below end as counts_from
from judged
where (has_too_many_records or has_too_many_addresses or is_unsettled) and undecided > 1
