/*
What is odd about the stage histories, one row for each oddity of each event. The engine has decided
what to do with all of them; here somebody sees how much there was to decide.
*/
with

records as (
    select * from {{ ref('int_person_records') }}
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

-- HubSpot does not say what was there before. Within a second nobody knows what came first.
chain_breaks as (
    select
        'chain_break' as anomaly,
        coalesce(previous_value, '(empty)') || ' | ' || coalesce(old_value, '(empty)') as detail,
        compared.*
    from compared
    where
        source_system = 'salesforce'
        and previous_event_id is not null
        and changes_of_second = 1
        and changes_of_previous_second = 1
        and coalesce(old_value, '') <> coalesce(previous_value, '')
),

phantoms as (
    select
        'phantom' as anomaly,
        new_value as detail,
        compared.*
    from compared
    where old_value = new_value
),

ties as (
    select
        'tie' as anomaly,
        coalesce(new_value, '(empty)') as detail,
        compared.*
    from compared
    where changes_of_second > 1
),

-- No record is changed after it was changed last: somebody, or an import, has dated it so.
future_dates as (
    select
        'future_date' as anomaly,
        coalesce(new_value, '(empty)') as detail,
        compared.*
    from compared
    where {{ days_between('record_modified_at', 'changed_at') }} > 1
),

of_changes as (
    select * from chain_breaks
    union all
    select * from phantoms
    union all
    select * from ties
    union all
    select * from future_dates
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
    from {{ ref('int_stage_values') }} as stage_values
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
    from {{ ref('int_stage_events_arbitrated') }} as events
),

turns as (
    select
        moves.*,
        lead(moves.stage_key) over (partition by moves.person_id order by moves.event_number) as next_stage_key
    from moves
    where moves.stage_key <> moves.previous_stage_key
),

-- There and back again, so fast that the engine took it for a slip.
bounces as (
    select
        'bounce' as anomaly,
        turns.person_id,
        cast(null as varchar) as record_key,
        turns.source_system,
        turns.stage_event_id as event_id,
        turns.previous_stage_key || ' | ' || turns.stage_key as detail,
        turns.occurred_at
    from turns
    left join {{ ref('int_stage_entries') }} as entries on turns.stage_event_id = entries.stage_event_id
    where entries.stage_event_id is null and turns.previous_stage_key = turns.next_stage_key
)

select
    anomaly,
    person_id,
    record_key,
    source_system,
    event_id,
    detail,
    changed_at as occurred_at
from of_changes
where changed_at <= {{ as_of() }} or anomaly = 'future_date'
union all
select
    anomaly,
    person_id,
    record_key,
    source_system,
    event_id,
    detail,
    occurred_at
from unknown_values
union all
select
    anomaly,
    person_id,
    record_key,
    source_system,
    event_id,
    detail,
    occurred_at
from bounces
