-- What happened in either CRM, with its person where we know one, called what the rules call it.
with

salesforce as (
    select
        touch_id,
        source_system,
        object_name,
        source_record_id,
        record_id,
        cast(null as varchar) as email,
        activity_type,
        direction,
        is_human,
        is_meaningful,
        occurred_at,
        occurred_at_is_lower_bound,
        label
    from {{ ref('int_salesforce_touches') }}
),

hubspot as (
    select
        touch_id,
        source_system,
        object_name,
        source_record_id,
        record_id,
        email,
        activity_type,
        direction,
        is_human,
        is_meaningful,
        occurred_at,
        occurred_at_is_lower_bound,
        label
    from {{ ref('int_hubspot_touches') }}
),

touches as (
    select * from salesforce
    union all
    select * from hubspot
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
    from {{ ref('int_record_emails') }} as emails
    inner join records on emails.record_key = records.record_key
),

-- A label is looked at once, however many activities bear it.
labels as (
    select distinct
        source_system,
        object_name,
        coalesce(label, '') as label
    from touches
    where activity_type <> 'campaign_scan'
),

-- Several rules may find their words in one label: the one with the most words holds.
matching_rules as (
    select
        labels.source_system,
        labels.object_name,
        labels.label,
        rules.activity_type,
        rules.is_meaningful,
        row_number() over (
            partition by labels.source_system, labels.object_name, labels.label
            order by
                length(coalesce(rules.label_contains, '')) desc, rules.label_contains asc, rules.activity_type asc
        ) as preference
    from labels
    inner join {{ ref('cfg_activity_types') }} as rules
        on
            labels.source_system = rules.source_system
            and labels.object_name = rules.object_name
            and (
                coalesce(rules.label_contains, '') = ''
                or instr(lower(labels.label), rules.label_contains) > 0
            )
),

named as (
    select
        touches.touch_id,
        touches.source_system,
        touches.object_name,
        touches.source_record_id,
        touches.record_id,
        coalesce(records.person_id, email_holders.person_id) as person_id,
        coalesce(rules.activity_type, touches.activity_type) as activity_type,
        touches.direction,
        touches.is_human,
        coalesce(rules.is_meaningful, touches.is_meaningful) as is_meaningful,
        touches.occurred_at,
        touches.occurred_at_is_lower_bound,
        touches.label
    from touches
    left join matching_rules as rules
        on
            touches.activity_type <> 'campaign_scan'
            and touches.source_system = rules.source_system
            and touches.object_name = rules.object_name
            and coalesce(touches.label, '') = rules.label
            and rules.preference = 1
    left join records on touches.source_system = records.source_system and touches.record_id = records.record_id
    left join email_holders on touches.email = email_holders.email and email_holders.holder_number = 1
)

select
    *,
    -- The epoch and other dates before there were CRMs are slips of whoever typed them.
    occurred_at < {{ instant('2000-01-01T00:00:00Z') }} as is_impossible
from named
