{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Everything known about each person, the best value of each field first. Deleted records count
-- only for those who have no other.
with

persons as (
    select
        person_id,
        bool_and(is_deleted) as is_deleted
    from {{ of_touched_people(ref('int_person_records')) }}
    group by person_id
),

records as (
    select records.*
    from {{ of_touched_people(ref('int_person_records')) }} as records
    inner join persons
        on
            records.person_id = persons.person_id
            and records.is_deleted = persons.is_deleted
),

activities as (
    select
        person_id,
        max(occurred_at) as last_activity_at
    from {{ of_touched_people(ref('int_activities')) }}
    group by person_id
),

-- Sales keep their records by hand: theirs are believed first, then the newest.
ranked as (
    select
        records.*,
        row_number() over (
            partition by person_id
            order by
                case source_system when 'salesforce' then 1 else 2 end, record_number desc
        ) as preference
    from records
),

filled as (
    select
        person_id,
        preference,
        {{ first_known('is_deleted') }} as is_deleted,
        {{ first_known('email') }} as email,
        {{ first_known('mobile_phone') }} as mobile_phone,
        {{ first_known('chat_id') }} as chat_id,
        {{ first_known("nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')") }} as full_name,
        {{ first_known('company') }} as company,
        {{ first_known('title') }} as title,
        {{ first_known('country') }} as country,
        {{ first_known('industry') }} as industry,
        {{ first_known('employees') }} as employees,
        {{ first_known('owner_id') }} as owner_id
    from ranked
    window by_preference as (
        partition by person_id order by preference
        rows between unbounded preceding and unbounded following
    )
),

channels as (
    select
        person_id,
        record_number,
        {{ first_known('channel') }} as channel
    from records
    window by_preference as (
        partition by person_id order by record_number
        rows between unbounded preceding and unbounded following
    )
),

systems as (
    select
        person_id,
        {{ string_agg('source_system', ', ', 'source_system') }} as systems
    from (select distinct
        person_id,
        source_system
    from records) as known
    group by person_id
),

counted as (
    select
        person_id,
        count(*) as record_count,
        min(record_number) as first_record_number,
        min(created_at) as first_seen_at,
        max(created_at) as last_created_at
    from records
    group by person_id
),

people as (
    select
        filled.person_id,
        filled.is_deleted,
        filled.email,
        filled.mobile_phone,
        filled.chat_id,
        filled.full_name,
        filled.company,
        filled.title,
        filled.country,
        filled.industry,
        filled.employees,
        channels.channel,
        filled.owner_id,
        systems.systems,
        counted.record_count,
        counted.first_seen_at,
        greatest(
            counted.last_created_at, coalesce(activities.last_activity_at, counted.last_created_at)
        ) as last_seen_at
    from filled
    inner join counted on filled.person_id = counted.person_id
    inner join channels on counted.first_record_number = channels.record_number
    inner join systems on filled.person_id = systems.person_id
    left join activities on filled.person_id = activities.person_id
    where filled.preference = 1
)

select * from people
