-- People about whom somebody has to decide (in identity.csv), once for each person and reason.
{%- set reasons = {
    'too_many_records': 'has_too_many_records',
    'too_many_addresses': 'has_too_many_addresses',
    'not_settled': 'is_unsettled',
} %}
with

persons as (
    select
        xref.person_id,
        xref.record_key,
        components.record_number,
        components.component_number
    from {{ ref('int_person_xref') }} as xref
    inner join {{ ref('int_identity_components') }} as components on xref.record_key = components.record_key
),

suspects as (
    select * from {{ ref('int_identity_suspects') }}
),

reasoned as (
    {% for reason, column in reasons.items() %}
        select
            component_number,
            '{{ reason }}' as reason
        from suspects
        where {{ column }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

named as (
    select
        named.group_key,
        persons.person_id,
        persons.component_number
    from {{ ref('cfg_identity_groups') }} as named
    inner join persons on named.record_key = persons.record_key
),

still_tied as (
    select distinct
        named.component_number,
        'still_tied' as reason
    from named
    inner join {{ ref('cfg_identity_splits') }} as splits on named.group_key = splits.group_key
    inner join named as others
        on
            splits.other_group_key = others.group_key
            and named.person_id = others.person_id
),

ties as (
    select
        component_number,
        sum(case when is_held then 1 else 0 end) as held_ties
    from {{ ref('int_identity_ties') }}
    group by component_number
),

rules as (
    select
        component_number,
        {{ string_agg('rule', ', ', 'rule') }} as rules
    from (
        select distinct
            component_number,
            rule
        from {{ ref('int_identity_ties') }}
    ) as used
    group by component_number
),

members as (
    select
        component_number,
        count(*) as record_count,
        count(distinct person_id) as person_count,
        min(record_number) as first_number,
        {{ string_agg('record_key', ', ', 'record_number') }} as record_keys
    from persons
    group by component_number
),

addresses as (
    select
        persons.component_number,
        count(distinct emails.email) as address_count
    from persons
    inner join {{ ref('int_record_emails') }} as emails on persons.record_key = emails.record_key
    where emails.is_corporate and emails.is_evidence
    group by persons.component_number
),

all_reasons as (
    select * from reasoned
    union all
    select * from still_tied
)

select
    persons.person_id,
    all_reasons.reason,
    members.record_count,
    members.person_count,
    coalesce(addresses.address_count, 0) as address_count,
    cast(coalesce(ties.held_ties, 0) as bigint) as held_ties,
    rules.rules,
    members.record_keys,
    cast(null as decimal(5, 4)) as probability,
    cast(null as string) as agrees_on
from all_reasons
inner join members on all_reasons.component_number = members.component_number
inner join persons on members.first_number = persons.record_number
left join addresses on members.component_number = addresses.component_number
left join ties on members.component_number = ties.component_number
left join rules on members.component_number = rules.component_number
union all
select
    person_id,
    'likely_match' as reason,
    record_count,
    person_count,
    address_count,
    held_ties,
    'likely' as rules,
    record_keys,
    probability,
    agrees_on
from {{ ref('int_likely_reviews') }}
