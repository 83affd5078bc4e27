/*
Every id that could ever have been given out, and whose it is today: that of each record which is not
the first of its person, and of HubSpot contacts that a merge swallowed before we saw them.
*/
with

persons as (
    select * from {{ ref('int_person_xref') }}
),

records as (
    select * from {{ ref('int_crm_records') }}
),

contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
),

merged as (
    {{ split_rows('contacts', 'contact_id', 'merged_contact_ids', ';') }}
),

own_ids as (
    select
        {{ person_id('persons.record_key') }} as old_person_id,
        persons.person_id,
        persons.record_key,
        false as is_swallowed,
        records.created_at as since
    from persons
    inner join records on persons.record_key = records.record_key
),

swallowed as (
    select
        {{ person_id("'hubspot:contact:' || merged.part") }} as old_person_id,
        min(persons.person_id) as person_id,
        min('hubspot:contact:' || merged.part) as record_key,
        true as is_swallowed,
        min(records.created_at) as since
    from merged
    inner join persons on 'hubspot:contact:' || merged.contact_id = persons.record_key
    inner join records on persons.record_key = records.record_key
    left join records as known on 'hubspot:contact:' || merged.part = known.record_key
    where known.record_key is null
    group by merged.part
)

select * from own_ids
where old_person_id <> person_id
union all
select * from swallowed
