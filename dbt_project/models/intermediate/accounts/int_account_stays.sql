-- The stays of people in stages, as long as they belonged to each account.
with

entries as (
    select * from {{ ref('int_stage_entries') }}
),

deletions as (
    select
        person_id,
        max(deleted_at) as deleted_at
    from {{ ref('int_person_records') }}
    group by person_id
    having count(*) = count(deleted_at)
),

stays as (
    select
        entries.person_id,
        entries.stage_key,
        entries.evidence,
        entries.source_system,
        entries.entered_at,
        coalesce(
            lead(entries.entered_at) over (partition by entries.person_id order by entries.event_number),
            deletions.deleted_at
        ) as exited_at
    from entries
    left join deletions on entries.person_id = deletions.person_id
),

theirs as (
    select
        people.account_id,
        people.person_id,
        stays.stage_key,
        stays.evidence,
        stays.source_system,
        greatest(stays.entered_at, people.valid_from) as came_at,
        case
            when people.valid_to is null or stays.exited_at < people.valid_to then stays.exited_at
            else people.valid_to
        end as left_at
    from {{ ref('int_account_people') }} as people
    inner join stays on people.person_id = stays.person_id
)

select * from theirs
where left_at is null or came_at < left_at
