-- Changes that only say what we had written, by nobody at a screen as far as the CRM tells.
with

changes as (
    select * from {{ ref('int_record_changes') }}
),

own_writes as (
    select * from {{ ref('int_own_writes') }}
),

answers as (
    select
        changes.event_id,
        row_number() over (
            partition by
                own_writes.record_key, own_writes.field_name, own_writes.written_value, own_writes.decided_at
            order by changes.changed_at, changes.event_id
        ) as answer_number
    from changes
    cross join {{ ref('cfg_settings') }} as limits
    inner join own_writes
        on
            changes.record_key = own_writes.record_key
            and changes.field_name = own_writes.field_name
            and changes.new_value = own_writes.written_value
    where
        (changes.source_system = 'salesforce' or not changes.is_by_person)
        and changes.changed_at >= own_writes.decided_at
        and {{ seconds_between('own_writes.decided_at', 'changes.changed_at') }} <= limits.echo_seconds
),

-- The first of them is our own; whoever says the same again means it.
echoes as (
    select distinct event_id
    from answers
    where answer_number = 1
)

select * from echoes
