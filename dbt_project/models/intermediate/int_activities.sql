with

submissions as (
    select * from {{ ref('stg_hubspot__form_submissions') }}
    where not is_deleted
),

tasks as (
    select * from {{ ref('stg_salesforce__tasks') }}
    where is_completed and not is_deleted
),

emails as (
    select * from {{ ref('int_record_emails') }}
),

records as (
    select * from {{ ref('int_person_records') }}
),

-- A role address can stand on records of several people: its first holder gets the activity.
email_holders as (
    select
        emails.email,
        records.person_id,
        row_number() over (partition by emails.email order by records.record_number) as holder_number
    from emails
    inner join records on emails.record_key = records.record_key
),

form_submissions as (
    select
        'form:' || submissions.conversion_id as activity_id,
        email_holders.person_id,
        'form_submission' as activity_type,
        'inbound' as direction,
        true as is_human,
        true as is_meaningful,
        submissions.submitted_at as occurred_at,
        'hubspot' as source_system,
        submissions.conversion_id as source_record_id,
        submissions.form_name as label
    from submissions
    inner join email_holders
        on
            submissions.email = email_holders.email
            and email_holders.holder_number = 1
),

sales_touches as (
    select
        'task:' || tasks.task_id as activity_id,
        records.person_id,
        tasks.activity_type,
        tasks.direction,
        true as is_human,
        tasks.activity_type = 'call' or tasks.direction = 'inbound' as is_meaningful,
        coalesce(tasks.completed_at, tasks.created_at) as occurred_at,
        'salesforce' as source_system,
        tasks.task_id as source_record_id,
        tasks.subject as label
    from tasks
    inner join records
        on
            records.source_system = 'salesforce'
            and tasks.lead_or_contact_id = records.record_id
),

activities as (
    select * from form_submissions
    union all
    select * from sales_touches
),

known_by_now as (
    select * from activities
    where occurred_at <= {{ as_of() }}
)

select * from known_by_now
