{{ config(tags=['imported']) }}
-- What the file says of each case, history and record alike, up to `as_of`.
with

events as (
    select * from {{ ref('stg_imported__events') }}
    where occurred_at <= {{ as_of() }}
),

told_records as (
    select * from {{ ref('stg_imported__records') }}
    where changed_at <= {{ as_of() }}
),

records as (
    select
        told_records.*,
        row_number() over (
            partition by case_id order by changed_at desc, source_system desc
        ) as record_number_from_last
    from told_records
),

last_events as (
    select
        case_id,
        stage_name,
        occurred_at,
        row_number() over (
            partition by case_id order by occurred_at desc, place desc, event_key desc
        ) as event_number_from_last
    from events
),

-- A record that tells another stage than its history's last event, and changed after it.
told_by_record as (
    select records.*
    from records
    left join last_events
        on
            records.case_id = last_events.case_id
            and last_events.event_number_from_last = 1
    where
        records.record_number_from_last = 1
        and (
            last_events.case_id is null
            or (
                {{ history_option('wins') == 'record' }}
                and last_events.stage_name <> records.stage_name
                and last_events.occurred_at < records.changed_at
            )
        )
),

all_values as (
    select
        case_id,
        'event:' || event_key as value_key,
        source_system,
        stage_name,
        'history' as evidence,
        place,
        occurred_at
    from events
    union all
    select
        case_id,
        'record:' || record_key as value_key,
        source_system,
        stage_name,
        'snapshot' as evidence,
        '' as place,
        changed_at as occurred_at
    from told_by_record
)

select * from all_values
