{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
/*
What a person's traits were, where the CRM tells of a change of them: one row for each value, since when. A trait is
followed in the record that it is taken from today (int_people); any other has always been what it is.
*/
with

records as (
    select
        records.*,
        row_number() over (
            partition by person_id
            order by case source_system when 'salesforce' then 1 else 2 end, record_number desc
        ) as preference
    from {{ of_touched_people(ref('int_person_records')) }} as records
    where not is_deleted
),

trait_fields as (
    {% for system, field, trait in [
        ('salesforce', 'Title', 'title'),
        ('salesforce', 'Company', 'company'),
        ('salesforce', 'Country', 'country'),
        ('salesforce', 'MailingCountry', 'country'),
        ('salesforce', 'Industry', 'industry'),
        ('salesforce', 'NumberOfEmployees', 'employees'),
        ('hubspot', 'jobtitle', 'title'),
        ('hubspot', 'company', 'company'),
        ('hubspot', 'country', 'country'),
        ('hubspot', 'industry', 'industry'),
        ('hubspot', 'numemployees', 'employees'),
    ] %}
        select
            '{{ system }}' as source_system,
            '{{ field }}' as crm_field,
            '{{ trait }}' as field_name
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

changes as (
    select
        records.person_id,
        trait_fields.field_name,
        changes.record_key,
        changes.source_system,
        changes.old_value,
        changes.new_value,
        changes.changed_at,
        row_number() over (
            partition by changes.record_key, changes.field_name, changes.changed_at order by changes.event_id desc
        ) as number_of_instant,
        row_number() over (
            partition by changes.record_key, changes.field_name order by changes.changed_at, changes.event_id
        ) as change_number
    from {{ ref('int_record_changes') }} as changes
    inner join records on changes.record_key = records.record_key
    inner join trait_fields
        on
            records.source_system = trait_fields.source_system
            and changes.field_name = trait_fields.crm_field
    where changes.changed_at <= {{ as_of() }}
),

-- The record that holds the value today: the first that has one, else the first whose value was emptied.
held as (
    {% for trait in ['title', 'company', 'country', 'industry', 'employees'] %}
        select
            person_id,
            record_key,
            preference,
            '{{ trait }}' as field_name
        from records
        where {{ trait }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

changed as (
    select distinct
        person_id,
        field_name
    from changes
),

candidates as (
    select
        changed.person_id,
        changed.field_name,
        held.record_key,
        held.preference,
        1 as place
    from changed
    inner join held on changed.person_id = held.person_id and changed.field_name = held.field_name
    union all
    select distinct
        changes.person_id,
        changes.field_name,
        changes.record_key,
        records.preference,
        2 as place
    from changes
    inner join records on changes.record_key = records.record_key
),

holders as (
    select
        *,
        row_number() over (partition by person_id, field_name order by place, preference) as choice
    from candidates
),

followed as (
    select changes.*
    from changes
    inner join holders
        on
            changes.person_id = holders.person_id
            and changes.field_name = holders.field_name
            and changes.record_key = holders.record_key
    where holders.choice = 1
)

-- HubSpot's history begins with the first value; Salesforce's with the first change of it.
select
    person_id,
    field_name,
    {{ instant('1970-01-01T00:00:00Z') }} as valid_from,
    case source_system when 'salesforce' then old_value else new_value end as field_text
from followed
where change_number = 1
union all
select
    person_id,
    field_name,
    changed_at as valid_from,
    new_value as field_text
from followed
where number_of_instant = 1 and (source_system = 'salesforce' or change_number > 1)
