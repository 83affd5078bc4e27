{#-
    One row for each stay: CTEs of which the last is `entries`. Repeats of a stage are collapsed and
    slips (there and back within the bounce time) dropped.

    Reads the CTEs
      events    (subject, stage_event_id, source_system, stage_key, evidence, is_decision,
                event_number, occurred_at, occurred_at_is_lower_bound)
      settings  (bounce_seconds), one row; 0 drops no slip

    subject    the column that names whose history it is
    collapses  false: each event is a stay of its own, also where the stage before was the same
-#}
{% macro stage_entries(subject, collapses=true) -%}
compared as (
    select
        events.*,
        lag(stage_key) over (partition by {{ subject }} order by event_number) as before_stage_key
    from events
),

moves as (
    select
        compared.*,
        lead(stage_key) over (partition by {{ subject }} order by event_number) as after_stage_key,
        lead(occurred_at) over (partition by {{ subject }} order by event_number) as after_occurred_at
    from compared
    {%- if collapses %}
    where before_stage_key is null or before_stage_key <> stage_key
    {%- endif %}
),

-- There and back in the same instant is no move at all, nor half of a slip with the move before it.
stays as (
    select
        moves.*,
        lag(moves.stage_key) over (partition by moves.{{ subject }} order by moves.event_number) as previous_stage_key
    from moves
    cross join settings
    where
        moves.is_decision
        or moves.before_stage_key is null
        or moves.after_stage_key is null
        or moves.before_stage_key <> moves.after_stage_key
        or moves.occurred_at < moves.after_occurred_at
        or settings.bounce_seconds = 0
),

changes as (
    select
        stays.*,
        lead(stage_key) over (partition by {{ subject }} order by event_number) as next_stage_key,
        lead(occurred_at) over (partition by {{ subject }} order by event_number) as next_occurred_at
    from stays
    {%- if collapses %}
    where previous_stage_key is null or previous_stage_key <> stage_key
    {%- endif %}
),

without_bounces as (
    select
        changes.*,
        lag(changes.stage_key) over (
            partition by changes.{{ subject }} order by changes.event_number
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
        {{ subject }},
        source_system,
        stage_key,
        evidence,
        event_number,
        occurred_at as entered_at,
        occurred_at_is_lower_bound
    from without_bounces
    {%- if collapses %}
    where kept_before is null or kept_before <> stage_key
    {%- endif %}
)
{%- endmacro %}
