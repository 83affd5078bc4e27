{#-
    Which evidence moves the subject: CTEs of which the last is `accepted`. Read in order, an event of
    the stage's system of record moves anywhere; any other event only forward. That needs no memory of
    accepted events: between two events that move anywhere (a segment) the subject's rank is the
    segment's first rank or the greatest forward rank so far, whichever is more. From a detour only
    events that bring subjects back lead out, and after the first of them the others count again.

    Reads the CTEs
      events                (subject, stage_event_id, source_system, stage_key, evidence, evidence_rank,
                            is_forward_only, is_of_record, brings_back, is_by_person, occurred_at,
                            occurred_at_is_lower_bound)
      stages                (stage_key, stage_rank, path_type, authority, is_decision, may_return)
      first_seen_in_system  (subject, source_system, seen_at): since when a system knows the subject

    subject   the column that names whose history it is
    in_order  the order of a subject's events; its columns are never NULL and tell any two events apart
-#}
{% macro arbitrated_events(subject, in_order) -%}
weighed as (
    select
        events.*,
        stages.stage_rank,
        stages.path_type,
        stages.may_return,
        stages.is_decision and events.is_by_person as is_decision,
        not events.is_forward_only and (
            coalesce(events.is_of_record, false)
            or stages.authority in ('any', events.source_system)
            -- the system of record did not know the subject yet
            or first_seen_in_system.seen_at is null
            or first_seen_in_system.seen_at > events.occurred_at
        ) as moves_anywhere,
        row_number() over (
            partition by events.{{ subject }}
            order by {{ in_order }}
        ) as event_number
    from events
    inner join stages on events.stage_key = stages.stage_key
    left join first_seen_in_system
        on
            events.{{ subject }} = first_seen_in_system.{{ subject }}
            and stages.authority = first_seen_in_system.source_system
),

segmented as (
    select
        weighed.*,
        event_number = 1 or moves_anywhere as opens_segment,
        sum(case when event_number = 1 or moves_anywhere then 1 else 0 end) over (
            partition by {{ subject }} order by event_number
            rows between unbounded preceding and current row
        ) as segment_number
    from weighed
),

opened as (
    select
        segmented.*,
        first_value(stage_rank) over segment as opening_rank,
        first_value(path_type) over segment as opening_path,
        first_value(may_return) over segment as opening_may_return,
        sum(case when not opens_segment and brings_back and path_type = 'success' then 1 else 0 end) over (
            partition by {{ subject }}, segment_number order by event_number
            rows between unbounded preceding and current row
        ) as returns_so_far
    from segmented
    window segment as (
        partition by {{ subject }}, segment_number order by event_number
        rows between unbounded preceding and unbounded following
    )
),

eligible as (
    select
        opened.*,
        not opens_segment and path_type = 'success' and (
            opening_path = 'success'
            or (opening_may_return and returns_so_far > 0)
        ) as is_eligible,
        case when opening_path = 'success' then opening_rank else 0 end as floor_rank
    from opened
),

contested as (
    select
        eligible.*,
        coalesce(
            max(case when is_eligible then stage_rank end) over (
                partition by {{ subject }}, segment_number order by event_number
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as reached_rank
    from eligible
),

accepted as (
    select
        stage_event_id,
        {{ subject }},
        source_system,
        stage_key,
        evidence,
        is_decision,
        event_number,
        -- events that share a second were put in order: their instants must not run backwards
        max(occurred_at) over (
            partition by {{ subject }} order by event_number
            rows between unbounded preceding and current row
        ) as occurred_at,
        occurred_at_is_lower_bound
    from contested
    where opens_segment or (is_eligible and stage_rank > floor_rank and stage_rank > reached_rank)
)
{%- endmacro %}
