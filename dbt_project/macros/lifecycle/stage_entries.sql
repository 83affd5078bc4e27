{#-
    One row for each stay: CTEs of which the last is `entries`. Repeats of a stage are collapsed and
    slips (there and back within the bounce time) dropped, also slips within slips, as deep as three:
    then somebody has changed a stage six times within minutes, and more is no slip of the hand.

    Reads the CTEs
      events    (subject, stage_event_id, source_system, stage_key, evidence, is_decision,
                event_number, occurred_at, occurred_at_is_lower_bound)
      settings  (bounce_seconds), one row; 0 drops no slip

    subject    the column that names whose history it is
    collapses  false: each event is a stay of its own, also where the stage before was the same
-#}
{% macro stage_entries(subject, collapses=true) -%}
{%- set columns = [
    subject, 'stage_event_id', 'source_system', 'stage_key', 'evidence', 'is_decision', 'event_number', 'occurred_at',
    'occurred_at_is_lower_bound',
] -%}
{%- set deepest_slip = 3 -%}
{#- There and back in the same instant is no move at all, nor half of a slip with the move before it: that goes first.
    Each further round drops the innermost slips that are left. -#}
{%- for round in range(deepest_slip + 2) %}
compared_{{ round }} as (
    select
        {{ columns | join(', ') }},
        lag(stage_key) over (partition by {{ subject }} order by event_number) as before_stage_key
    {%- if round == 0 %}
    from events
    {%- else %}
    from moves_{{ round - 1 }}
    cross join settings
    where
        is_decision
        or before_stage_key is null
        or after_stage_key is null
        or before_stage_key <> after_stage_key
        {%- if round == 1 %}
        or occurred_at < after_occurred_at
        or settings.bounce_seconds = 0
        {%- else %}
        or {{ seconds_between('occurred_at', 'after_occurred_at') }} >= settings.bounce_seconds
        {%- endif %}
    {%- endif %}
),

moves_{{ round }} as (
    select
        *,
        lead(stage_key) over (partition by {{ subject }} order by event_number) as after_stage_key,
        lead(occurred_at) over (partition by {{ subject }} order by event_number) as after_occurred_at
    from compared_{{ round }}
    {%- if collapses %}
    where before_stage_key is null or before_stage_key <> stage_key
    {%- endif %}
),
{% endfor %}

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
    from moves_{{ deepest_slip + 1 }}
)
{%- endmacro %}
