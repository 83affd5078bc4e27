{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='touch_id') }}
-- What Salesforce says happened with a Lead or Contact, before anybody asks who that is.
with

tasks as (
    select
        'task:' || task_id as touch_id,
        'task' as object_name,
        task_id as source_record_id,
        lead_or_contact_id as record_id,
        activity_type,
        direction,
        activity_type = 'call' or direction = 'inbound' as is_meaningful,
        coalesce(completed_at, created_at) as occurred_at,
        false as occurred_at_is_lower_bound,
        subject as label,
        is_deleted
    from {{ of_changed_touches(ref('stg_salesforce__tasks'), "'task:' || task_id") }}
    where is_completed
),

events as (
    select
        'event:' || event_id as touch_id,
        'event' as object_name,
        event_id as source_record_id,
        lead_or_contact_id as record_id,
        'meeting' as activity_type,
        'outbound' as direction,
        true as is_meaningful,
        coalesce(starts_at, created_at) as occurred_at,
        false as occurred_at_is_lower_bound,
        subject as label,
        is_deleted
    from {{ of_changed_touches(ref('stg_salesforce__events'), "'event:' || event_id") }}
),

-- A change on the day of a response is the response, unless the Lead became a Contact on that day: that changes the
-- row, too.
responses as (
    select
        members.*,
        cast(members.created_at as date) = members.first_responded_on as came_with_the_row,
        cast(members.modified_at as date) = members.first_responded_on
        and not coalesce(
            members.contact_id is not null and leads.converted_on = members.first_responded_on, false
        ) as came_with_the_change
    from {{ of_changed_touches(ref('stg_salesforce__campaign_members'), "'member:' || campaign_member_id") }} as members
    left join {{ ref('stg_salesforce__leads') }} as leads on members.lead_id = leads.lead_id
    where members.has_responded or lower(members.status) = 'scanned'
),

-- Salesforce keeps only the day of a response: it came when the row was made or last changed, where that was on the
-- day, and is known to the instant where nothing changed the row since.
members as (
    select
        'member:' || responses.campaign_member_id as touch_id,
        'campaign_member' as object_name,
        responses.campaign_member_id as source_record_id,
        coalesce(responses.contact_id, responses.lead_id) as record_id,
        case when responses.has_responded then 'campaign_response' else 'campaign_scan' end as activity_type,
        'inbound' as direction,
        responses.has_responded as is_meaningful,
        case
            when not responses.has_responded then responses.created_at
            when responses.first_responded_on is null then responses.modified_at
            when responses.came_with_the_row then responses.created_at
            when responses.came_with_the_change then responses.modified_at
            else greatest(cast(responses.first_responded_on as {{ instant_type() }}), responses.created_at)
        end as occurred_at,
        responses.has_responded
        and coalesce(
            case
                when responses.came_with_the_row
                    then responses.created_at <> responses.modified_at
                else
                    not responses.came_with_the_change
                    and cast(responses.created_at as date) < responses.first_responded_on
            end,
            false
        ) as occurred_at_is_lower_bound,
        campaigns.name as label,
        responses.is_deleted
    from responses
    left join {{ ref('stg_salesforce__campaigns') }} as campaigns on responses.campaign_id = campaigns.campaign_id
),

touches as (
    select * from tasks
    union all
    select * from events
    union all
    select * from members
),

-- What is deleted with its Lead or Contact did happen; what somebody deleted by itself did not.
gone_people as (
    select lead_id as record_id
    from {{ ref('stg_salesforce__leads') }}
    where is_deleted
    union all
    select contact_id as record_id
    from {{ ref('stg_salesforce__contacts') }}
    where is_deleted
),

happened as (
    select
        {{ all_but(['is_deleted'], 'touches') }},
        'salesforce' as source_system,
        true as is_human,
        1 as record_count
    from touches
    left join gone_people on touches.record_id = gone_people.record_id
    where not touches.is_deleted or gone_people.record_id is not null
)

select * from happened
