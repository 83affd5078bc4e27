{#-
    Stays in order, [entered_at, exited_at), with pass, cycle and how each ended: CTEs of which the
    last is `stints`.

    Reads the CTEs of `stays` and `stints_as_seen`, and has their arguments.
-#}
{% macro stints(subject, pass_key="replace(stage_key, '_', '-')") -%}
{{ stays(subject, pass_key) }},

{{ stints_as_seen() }}
{%- endmacro %}

{#-
    What of a stay does not change while time passes: CTEs of which the last is `stays`.

    Reads the CTEs
      entries         (subject, source_system, stage_key, evidence, event_number, entered_at,
                      occurred_at_is_lower_bound)
      stages          (stage_key, stage_label, pass_name, stage_rank, phase, path_type, ends_cycle)
      deletions       (subject, deleted_at): of subjects that are gone

    subject   the column that names whose history it is
    pass_key  what a pass is called by, before its number
-#}
{% macro stays(subject, pass_key) -%}
described as (
    select
        entries.*,
        stages.stage_label,
        stages.pass_name,
        stages.stage_rank,
        stages.phase,
        stages.path_type,
        stages.ends_cycle,
        row_number() over in_turn as stint_number,
        row_number() over (partition by entries.{{ subject }}, entries.stage_key order by entries.event_number)
            as pass_number,
        count(*) over (partition by entries.{{ subject }}, entries.stage_key) as passes
    from entries
    inner join stages on entries.stage_key = stages.stage_key
    window in_turn as (partition by entries.{{ subject }} order by entries.event_number)
),

labelled as (
    select
        described.*,
        {{ numbered_pass(pass_key, 'pass_number') }} as stage_pass,
        {{ numbered_pass('pass_name', 'pass_number') }} as stage_pass_label,
        1 + coalesce(
            sum(case when ends_cycle then 1 else 0 end) over (
                partition by {{ subject }} order by stint_number
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as cycle_number
    from described
),

followed as (
    select
        labelled.*,
        lead(stage_key) over in_turn as next_stage_key,
        lead(stage_pass) over in_turn as next_stage_pass,
        lead(stage_rank) over in_turn as next_stage_rank,
        lead(path_type) over in_turn as next_path_type,
        lead(entered_at) over in_turn as next_entered_at
    from labelled
    window in_turn as (partition by {{ subject }} order by stint_number)
),

ended as (
    select
        followed.*,
        case
            when followed.next_entered_at is not null then followed.next_entered_at
            when deletions.deleted_at is not null then greatest(deletions.deleted_at, followed.entered_at)
        end as exited_at,
        case
            when followed.next_stage_key is null and deletions.deleted_at is null then 'open'
            when followed.next_stage_key is null then 'deleted'
            -- only where each event is a stay of its own
            when followed.next_stage_key = followed.stage_key then 'repeat'
            when followed.next_path_type = 'detour' then 'recycle'
            when followed.path_type = 'detour' then 'reenter'
            when followed.next_stage_rank > followed.stage_rank then 'advance'
            else 'regress'
        end as exit_type
    from followed
    left join deletions
        on
            followed.{{ subject }} = deletions.{{ subject }}
            and followed.next_stage_key is null
),

stays as (
    select
        {{ subject }},
        cast(stint_number as integer) as stint_number,
        stage_key,
        stage_label,
        stage_rank,
        phase,
        path_type,
        cast(pass_number as integer) as pass_number,
        stage_pass,
        stage_pass_label,
        pass_number = passes as is_last_pass,
        cast(cycle_number as integer) as cycle_number,
        entered_at,
        exited_at,
        exit_type,
        next_stage_key,
        next_stage_pass,
        case when exit_type = 'advance' then next_stage_rank - stage_rank - 1 else 0 end as stages_skipped,
        evidence,
        source_system,
        occurred_at_is_lower_bound
    from ended
)
{%- endmacro %}

{#-
    Stays as they look from `as_of`: the CTE `stints`.

    Reads the CTEs
      stays           as above
      history_starts  (source_system, history_starts_at): as far back as a system's history goes
-#}
{% macro stints_as_seen() -%}
stints as (
    select
        {{ all_but(['occurred_at_is_lower_bound'], 'stays') }},
        coalesce(
            stays.evidence = 'inferred_initial' and stays.entered_at < history_starts.history_starts_at,
            stays.evidence = 'inferred_initial'
        )
        or coalesce(stays.occurred_at_is_lower_bound, false) as entered_at_is_lower_bound,
        {{ days_between('stays.entered_at', 'coalesce(stays.exited_at, ' ~ as_of() ~ ')') }} as days_in_stage
    from stays
    left join history_starts on stays.source_system = history_starts.source_system
)
{%- endmacro %}
