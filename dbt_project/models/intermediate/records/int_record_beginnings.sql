{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- How each record began: as somebody with an address, or as a number or chat id alone.
with

settings as (
    select * from {{ ref('cfg_settings') }}
),

records as (
    select * from {{ of_touched_people(ref('int_person_records')) }}
),

first_emails as (
    select
        record_key,
        min(changed_at) as given_at
    from {{ ref('int_record_changes') }}
    where source_system = 'hubspot' and field_name = 'email' and new_value is not null
    group by record_key
),

beginnings as (
    select
        records.person_id,
        records.record_key,
        records.source_system,
        records.created_at,
        coalesce(records.mobile_phone, records.chat_id) is not null
        and (
            records.email is null
            or coalesce(
                {{ seconds_between('records.created_at', 'first_emails.given_at') }} > settings.bounce_seconds, false
            )
        ) as is_channel_only
    from records
    cross join settings
    left join first_emails on records.record_key = first_emails.record_key
)

select * from beginnings
