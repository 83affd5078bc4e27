{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
/*
What is odd about the stage histories, one row for each oddity of each event. The engine has decided
what to do with all of them; here somebody sees how much there was to decide.
*/
with

records as (
    select * from {{ of_touched_people(ref('int_person_records')) }}
),

stage_map as (
    select * from {{ ref('cfg_stage_map') }}
),

stage_fields as (
    select distinct
        source_system,
        object_name,
        field_name
    from stage_map
),

changes as (
    select
        records.person_id,
        records.modified_at as record_modified_at,
        changes.*,
        date_trunc('second', changes.changed_at) as changed_second
    from {{ ref('int_record_changes') }} as changes
    inner join records on changes.record_key = records.record_key
    inner join stage_fields
        on
            records.source_system = stage_fields.source_system
            and records.object_name = stage_fields.object_name
            and changes.field_name = stage_fields.field_name
),

told as (
    select
        changes.*,
        count(*) over (partition by record_key, field_name, changed_second) as changes_of_second,
        lag(event_id) over history as previous_event_id,
        lag(new_value) over history as previous_value,
        lag(changed_second) over history as previous_second
    from changes
    window history as (partition by record_key, field_name order by changed_at, event_id)
),

compared as (
    select
        told.*,
        lag(changes_of_second) over (
            partition by record_key, field_name order by changed_at, event_id
        ) as changes_of_previous_second
    from told
),

-- HubSpot does not say what was there before. Within a second nobody knows what came first. No record
-- is changed after it was changed last: somebody, or an import, has dated it so.
judged as (
    select
        compared.*,
        coalesce(new_value, '(empty)') as led_to,
        coalesce(previous_value, '(empty)') || ' | ' || coalesce(old_value, '(empty)') as came_from,
        changed_at <= {{ as_of() }} as has_happened,
        source_system = 'salesforce'
        and previous_event_id is not null
        and changes_of_second = 1
        and changes_of_previous_second = 1
        and coalesce(old_value, '') <> coalesce(previous_value, '') as is_chain_break,
        {{ days_between('record_modified_at', 'changed_at') }} > 1 as is_future_date
    from compared
),

of_changes as (
    {% for anomaly, detail, condition in [
        ('chain_break', 'came_from', 'has_happened and is_chain_break'),
        ('phantom', 'led_to', 'has_happened and old_value = new_value'),
        ('tie', 'led_to', 'has_happened and changes_of_second > 1'),
        ('future_date', 'led_to', 'is_future_date'),
    ] %}
        select
            '{{ anomaly }}' as anomaly,
            person_id,
            record_key,
            source_system,
            event_id,
            {{ detail }} as detail,
            changed_at as occurred_at
        from judged
        where {{ condition }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unknown_values as (
    select
        'unknown_value' as anomaly,
        stage_values.person_id,
        stage_values.record_key,
        stage_values.source_system,
        stage_values.event_id,
        stage_values.field_name || ': ' || stage_values.field_value as detail,
        stage_values.occurred_at
    from {{ of_touched_people(ref('int_stage_values')) }} as stage_values
    left join stage_map
        on
            stage_values.source_system = stage_map.source_system
            and stage_values.object_name = stage_map.object_name
            and stage_values.field_name = stage_map.field_name
            and stage_values.field_value = stage_map.field_value
    where stage_map.stage_key is null
),

moves as (
    select
        events.*,
        lag(events.stage_key) over (partition by events.person_id order by events.event_number) as previous_stage_key
    from {{ of_touched_people(ref('int_stage_events_arbitrated')) }} as events
),

turns as (
    select
        moves.*,
        lead(moves.stage_key) over (partition by moves.person_id order by moves.event_number) as next_stage_key
    from moves
    where moves.stage_key <> moves.previous_stage_key
)

select * from of_changes
union all
select * from unknown_values
union all
-- There and back again, so fast that the engine took it for a slip. Where a rule led there, nobody slipped.
select
    'bounce' as anomaly,
    turns.person_id,
    cast(null as string) as record_key,
    turns.source_system,
    turns.stage_event_id as event_id,
    turns.previous_stage_key || ' | ' || turns.stage_key as detail,
    turns.occurred_at
from turns
left join {{ of_touched_people(ref('int_stage_entries')) }} as entries
    on turns.stage_event_id = entries.stage_event_id
where
    entries.stage_event_id is null
    and turns.previous_stage_key = turns.next_stage_key
    and turns.evidence <> 'rule'
