{{ config(tags=['imported']) }}
-- What an imported file says that no timeline was made of, with the reason: nothing is lost silently.
with

unusable as (
    select
        source_system,
        file_name,
        row_place,
        case_text as case_id,
        stage_text as stage_name,
        time_text,
        reason
    from {{ ref('int_case_rows_unusable') }}
),

unmapped as (
    select
        case_values.source_system,
        cast(null as string) as file_name,
        cast(null as bigint) as row_place,
        case_values.case_id,
        case_values.stage_name,
        cast(case_values.occurred_at as string) as time_text,
        'unmapped stage' as reason
    from {{ ref('int_case_values') }} as case_values
    inner join {{ ref('int_case_stage_names') }} as meanings
        on
            case_values.source_system = meanings.source_system
            and case_values.stage_name = meanings.stage_name
    where meanings.stage_key is null
),

all_rows as (
    select * from unusable
    union all
    select * from unmapped
)

select * from all_rows
