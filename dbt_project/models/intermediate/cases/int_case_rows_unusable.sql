{{ config(tags=['imported']) }}
-- What a file says that nothing was made of: rows that can't be used, and records that their history has overtaken.
with

rows_told as (
    select * from {{ ref('stg_imported__unusable_rows') }}
),

records as (
    select
        *,
        row_number() over (
            partition by case_id order by changed_at desc, source_system desc
        ) as record_number_from_last
    from {{ ref('stg_imported__records') }}
    where changed_at <= {{ as_of() }}
),

last_events as (
    select
        case_id,
        source_system,
        stage_name,
        occurred_at,
        row_number() over (
            partition by case_id order by occurred_at desc, place desc, value_key desc
        ) as event_number_from_last
    from {{ ref('int_case_values') }}
    where evidence = 'history'
),

-- Two names may mean one stage; what no case's history or record says has no meaning but its own.
meanings as (
    select
        source_system,
        stage_name,
        coalesce(stage_key, stage_name) as stage_key
    from {{ ref('int_case_stage_names') }}
),

stale_records as (
    select
        records.source_system,
        records.case_id as case_text,
        records.stage_name as stage_text,
        cast(records.changed_at as string) as time_text
    from records
    inner join last_events
        on
            records.case_id = last_events.case_id
            and records.stage_name <> last_events.stage_name
    left join meanings as meant
        on records.source_system = meant.source_system and records.stage_name = meant.stage_name
    left join meanings as last_meant
        on
            last_events.source_system = last_meant.source_system
            and last_events.stage_name = last_meant.stage_name
    where
        records.record_number_from_last = 1
        and last_events.event_number_from_last = 1
        and records.changed_at <= last_events.occurred_at
        and coalesce(meant.stage_key, records.stage_name) <> coalesce(last_meant.stage_key, last_events.stage_name)
        and {{ history_option('wins') == 'record' }}
),

all_rows as (
    select
        source_system,
        file_name,
        case_text,
        stage_text,
        time_text,
        reason,
        row_place
    from rows_told
    union all
    select
        source_system,
        cast(null as string) as file_name,
        case_text,
        stage_text,
        time_text,
        'record older than its history' as reason,
        cast(null as bigint) as row_place
    from stale_records
)

select * from all_rows
