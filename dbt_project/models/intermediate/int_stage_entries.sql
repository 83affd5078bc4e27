-- One row for each stay: repeats collapsed, slips (there and back within the bounce time) dropped.
with

events as (
    select * from {{ ref('int_stage_events_arbitrated') }}
),

settings as (
    select * from {{ ref('cfg_settings') }}
),

compared as (
    select
        events.*,
        lag(stage_key) over (partition by person_id order by event_number) as before_stage_key
    from events
),

moves as (
    select
        compared.*,
        lead(stage_key) over (partition by person_id order by event_number) as after_stage_key,
        lead(occurred_at) over (partition by person_id order by event_number) as after_occurred_at
    from compared
    where before_stage_key is null or before_stage_key <> stage_key
),

-- There and back in the same instant is no move at all, nor half of a slip with the move before it.
stays as (
    select
        moves.*,
        lag(stage_key) over (partition by person_id order by event_number) as previous_stage_key
    from moves
    where
        is_decision
        or before_stage_key is null
        or after_stage_key is null
        or before_stage_key <> after_stage_key
        or occurred_at < after_occurred_at
),

changes as (
    select
        stays.*,
        lead(stage_key) over (partition by person_id order by event_number) as next_stage_key,
        lead(occurred_at) over (partition by person_id order by event_number) as next_occurred_at
    from stays
    where previous_stage_key is null or previous_stage_key <> stage_key
),

without_bounces as (
    select
        changes.*,
        lag(changes.stage_key) over (
            partition by changes.person_id order by changes.event_number
        ) as kept_before
    from changes
    cross join settings
    where
        changes.is_decision
        or changes.previous_stage_key is null
        or changes.next_stage_key is null
        or changes.previous_stage_key <> changes.next_stage_key
        or {{ seconds_between('changes.occurred_at', 'changes.next_occurred_at') }} >= settings.bounce_seconds
),

entries as (
    select
        stage_event_id,
        person_id,
        source_system,
        stage_key,
        evidence,
        event_number,
        occurred_at as entered_at
    from without_bounces
    where kept_before is null or kept_before <> stage_key
)

select * from entries
