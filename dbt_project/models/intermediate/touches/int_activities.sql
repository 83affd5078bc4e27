{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
with

records as (
    select * from {{ of_touched_people(ref('int_person_records')) }}
),

email_holders as (
    select * from {{ of_touched_people(ref('int_email_holders')) }}
),

-- Each asks for its own touches: what both asked for would be kept whole first, of everybody.
of_people as (
    select
        records.person_id,
        touches.*
    from {{ ref('int_touches') }} as touches
    inner join records on touches.source_system = records.source_system and touches.record_id = records.record_id
    union all
    select
        email_holders.person_id,
        touches.*
    from {{ ref('int_touches') }} as touches
    inner join email_holders on touches.email = email_holders.email
    where touches.record_id is null
),

activities as (
    select
        case when record_count = 1 then touch_id else touch_id || ':' || person_id end as activity_id,
        person_id,
        activity_type,
        direction,
        is_human,
        is_meaningful,
        occurred_at,
        occurred_at_is_lower_bound,
        source_system,
        source_record_id,
        label,
        record_count
    from of_people
    where not is_impossible and occurred_at <= {{ as_of() }}
),

-- Several records of one person in one activity are one activity of theirs.
once_each as (
    select {{ all_but(['record_count'], 'activities') }} from activities
    where record_count = 1
    union all
    select distinct {{ all_but(['record_count'], 'activities') }} from activities
    where record_count > 1
)

select * from once_each
