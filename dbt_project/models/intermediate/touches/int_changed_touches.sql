/*
Activities to be made anew: their record has news, or the name of their campaign, or whom they name
was deleted, restored or converted.
*/
with

news as (
    select * from {{ ref('stg_leadcycle__news') }}
),

of_their_own as (
    select touch_kind || ':' || row_id as touch_id
    from news
    where touch_kind is not null
),

members as (
    select * from {{ ref('stg_salesforce__campaign_members') }}
),

of_campaigns as (
    select 'member:' || members.campaign_member_id as touch_id
    from members
    inner join news on members.campaign_id = news.row_id
    where news.stream = 'salesforce__campaigns'
),

-- What is deleted with its Lead or Contact did happen.
people as (
    select row_id as record_id
    from news
    where stream in ('salesforce__leads', 'salesforce__contacts')
),

of_people as (
    select 'task:' || tasks.task_id as touch_id
    from {{ ref('stg_salesforce__tasks') }} as tasks
    inner join people on tasks.lead_or_contact_id = people.record_id
    where tasks.is_deleted
    union all
    select 'event:' || events.event_id as touch_id
    from {{ ref('stg_salesforce__events') }} as events
    inner join people on events.lead_or_contact_id = people.record_id
    where events.is_deleted
    union all
    select 'member:' || members.campaign_member_id as touch_id
    from members
    inner join people on coalesce(members.contact_id, members.lead_id) = people.record_id
    where members.is_deleted
),

-- When a Lead became a Contact says whether a change of its members was a response.
of_conversions as (
    select 'member:' || members.campaign_member_id as touch_id
    from members
    inner join people on members.lead_id = people.record_id
    where members.contact_id is not null
)

select touch_id from of_their_own
union
select touch_id from of_campaigns
union
select touch_id from of_people
union
select touch_id from of_conversions
