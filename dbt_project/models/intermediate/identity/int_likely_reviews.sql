/*
Persons about whom likely matches leave a question, with all who may be them: the probability lies below
the one that is accepted, or together they would be suspicious. One row for the first created of each pair.
*/
with

pairs as (
    select
        pairs.*,
        coalesce(own.joined_number, pairs.first_number) as person_number,
        coalesce(others.joined_number, pairs.other_first_number) as other_number
    from {{ ref('int_likely_pairs') }} as pairs
    left join {{ ref('int_likely_groups') }} as own on pairs.first_number = own.first_number
    left join {{ ref('int_likely_groups') }} as others on pairs.other_first_number = others.first_number
),

-- Others may have joined them since: then nothing is left to ask.
open_pairs as (
    select
        least(person_number, other_number) as person_number,
        greatest(person_number, other_number) as other_number,
        probability,
        agrees_on
    from pairs
    where person_number <> other_number
),

likeliest as (
    select
        open_pairs.*,
        row_number() over (
            partition by person_number order by probability desc, other_number asc, agrees_on asc
        ) as preference
    from open_pairs
),

asked as (
    select
        person_number,
        person_number as member_number
    from open_pairs
    union
    select
        person_number,
        other_number as member_number
    from open_pairs
),

ties as (
    select
        person_number,
        count(*) as held_ties
    from open_pairs
    group by person_number
),

members as (
    select
        asked.person_number,
        xref.person_id,
        records.record_key,
        records.record_number,
        asked.person_number = records.record_number as is_first
    from asked
    inner join {{ ref('int_crm_records') }} as first_records on asked.member_number = first_records.record_number
    inner join {{ ref('int_person_xref') }} as first_xref on first_records.record_key = first_xref.record_key
    inner join {{ ref('int_person_xref') }} as xref on first_xref.person_id = xref.person_id
    inner join {{ ref('int_crm_records') }} as records on xref.record_key = records.record_key
),

addresses as (
    select
        members.person_number,
        count(distinct emails.email) as address_count
    from members
    inner join {{ ref('int_record_emails') }} as emails on members.record_key = emails.record_key
    where emails.is_corporate and emails.is_evidence
    group by members.person_number
),

told as (
    select
        person_number,
        max(case when is_first then person_id end) as person_id,
        count(*) as record_count,
        count(distinct person_id) as person_count,
        {{ string_agg('record_key', ', ', 'record_number') }} as record_keys
    from members
    group by person_number
)

select
    told.person_id,
    told.record_count,
    told.person_count,
    coalesce(addresses.address_count, 0) as address_count,
    cast(ties.held_ties as bigint) as held_ties,
    told.record_keys,
    likeliest.probability,
    likeliest.agrees_on
from told
inner join ties on told.person_number = ties.person_number
inner join likeliest on told.person_number = likeliest.person_number and likeliest.preference = 1
left join addresses on told.person_number = addresses.person_number
