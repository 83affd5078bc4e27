{#-
    Which evidence moves people: `arbitrated_events` by the system that knows them and in their order.
    CTEs of which the last is `accepted`. Reads the CTEs events and stages.
-#}
{% macro arbitrated_people() -%}
first_seen_in_system as (
    select
        person_id,
        source_system,
        min(created_at) as seen_at
    from {{ of_touched_people(ref('int_person_records')) }}
    group by person_id, source_system
),

{#- Salesforce does not say in which order things happened within a second. -#}
{{ arbitrated_events(
    'person_id',
    in_order="date_trunc('second', events.occurred_at), stages.stage_rank, events.evidence_rank, events.stage_event_id"
) }}
{%- endmacro %}
