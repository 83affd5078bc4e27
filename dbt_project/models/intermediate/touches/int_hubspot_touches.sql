{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='touch_id') }}
/*
What HubSpot says happened with a contact, before anybody asks who that is. A row for each contact of
an activity, or one without a contact.
*/
with

calls as (
    select
        'call' as activity_type,
        'calls' as object_name,
        call_id as activity_id,
        direction,
        direction = 'inbound' or coalesce(status, 'COMPLETED') = 'COMPLETED' as is_meaningful,
        occurred_at,
        label
    from {{ of_changed_touches(ref('stg_hubspot__calls'), "'hubspot-call:' || call_id") }}
    where not is_deleted and coalesce(status, '') not in ('QUEUED', 'SCHEDULED')
),

emails as (
    select
        'email' as activity_type,
        'emails' as object_name,
        email_id as activity_id,
        direction,
        direction = 'inbound' as is_meaningful,
        occurred_at,
        label
    from {{ of_changed_touches(ref('stg_hubspot__emails'), "'hubspot-email:' || email_id") }}
    where not is_deleted and coalesce(status, '') not in ('SCHEDULED', 'FAILED')
),

meetings as (
    select
        'meeting' as activity_type,
        'meetings' as object_name,
        meeting_id as activity_id,
        'outbound' as direction,
        coalesce(status, '') not in ('NO_SHOW', 'CANCELED', 'RESCHEDULED') as is_meaningful,
        occurred_at,
        label
    from {{ of_changed_touches(ref('stg_hubspot__meetings'), "'hubspot-meeting:' || meeting_id") }}
    where not is_deleted
),

notes as (
    select
        'note' as activity_type,
        'notes' as object_name,
        note_id as activity_id,
        'internal' as direction,
        false as is_meaningful,
        occurred_at,
        cast(null as string) as label
    from {{ of_changed_touches(ref('stg_hubspot__notes'), "'hubspot-note:' || note_id") }}
    where not is_deleted
),

tasks as (
    select
        'task' as activity_type,
        'tasks' as object_name,
        task_id as activity_id,
        'outbound' as direction,
        false as is_meaningful,
        occurred_at,
        label
    from {{ of_changed_touches(ref('stg_hubspot__tasks'), "'hubspot-task:' || task_id") }}
    where is_completed and not is_deleted
),

activities as (
    select * from calls
    union all
    select * from emails
    union all
    select * from meetings
    union all
    select * from notes
    union all
    select * from tasks
),

-- HubSpot's objects are many, their activities one.
readings as (
    select
        *,
        'hubspot-' || substr(from_type, 1, length(from_type) - 1) || ':' || from_id as touch_id
    from {{ ref('stg_hubspot__association_readings') }}
    where to_type = 'contacts'
),

readings_of_touches as (
    select * from {{ of_changed_touches('readings') }}
),

associations as (
    {{ unnest_objects('readings_of_touches', ['from_type', 'from_id'], 'associations', {'to_id': 'varchar'}) }}
),

contacts as (
    select
        from_type,
        from_id,
        contact_id,
        cast(count(*) over (partition by from_type, from_id) as integer) as record_count
    from (
        select distinct
            from_type,
            from_id,
            to_id as contact_id
        from associations
    ) as pairs
),

touches as (
    select
        'hubspot-' || activities.activity_type || ':' || activities.activity_id as touch_id,
        activities.activity_type as object_name,
        activities.activity_id as source_record_id,
        contacts.contact_id as record_id,
        activities.activity_type,
        activities.direction,
        activities.is_meaningful,
        activities.occurred_at,
        activities.label,
        coalesce(contacts.record_count, 1) as record_count
    from activities
    left join contacts on activities.object_name = contacts.from_type and activities.activity_id = contacts.from_id
)

select
    *,
    false as occurred_at_is_lower_bound,
    'hubspot' as source_system,
    true as is_human
from touches
