/*
Pairs of persons who were found likely to be one, while the rules use such pairs. Those whose records are
tied by now, or were told apart, are left out. `is_tie` tells from the probability alone who may be joined;
whoever is of a suspicious group waits.
*/
with

rules as (
    select * from {{ ref('cfg_likely_matches') }}
    where is_used
),

tied as (
    select * from {{ ref('int_tied_records') }}
),

named as (
    select
        tied.first_number,
        named.group_key
    from {{ ref('cfg_identity_groups') }} as named
    inner join tied on named.record_key = tied.record_key
),

told_apart as (
    select distinct
        named.first_number,
        others.first_number as other_first_number
    from named
    inner join {{ ref('cfg_identity_splits') }} as splits on named.group_key = splits.group_key
    inner join named as others on splits.other_group_key = others.group_key
),

found as (
    select
        least(one.first_number, other.first_number) as first_number,
        greatest(one.first_number, other.first_number) as other_first_number,
        one.is_suspect or other.is_suspect as is_suspect,
        matches.probability,
        matches.agrees_on
    from {{ ref('stg_leadcycle__likely_matches') }} as matches
    inner join tied as one on matches.record_key = one.record_key
    inner join tied as other on matches.other_record_key = other.record_key
    where one.first_number <> other.first_number
),

-- Persons grow together: two of them may have been found by several records.
likeliest as (
    select
        found.*,
        row_number() over (
            partition by first_number, other_first_number order by probability desc, agrees_on asc
        ) as preference
    from found
)

select
    likeliest.first_number,
    likeliest.other_first_number,
    likeliest.probability,
    likeliest.agrees_on,
    likeliest.probability >= rules.accept_from and not likeliest.is_suspect as is_tie
from likeliest
cross join rules
left join told_apart
    on
        likeliest.first_number = told_apart.first_number
        and likeliest.other_first_number = told_apart.other_first_number
where likeliest.preference = 1 and likeliest.probability >= rules.review_from and told_apart.first_number is null
