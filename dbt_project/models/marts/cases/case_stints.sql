{{ config(tags=['imported']) }}
-- One row for each uninterrupted stay of a case of an imported history: [entered_at, exited_at).
with

entries as (
    select * from {{ ref('int_case_stage_entries') }}
),

stages as (
    select * from {{ ref('int_case_stages') }}
),

-- A file tells neither since when it was kept nor who was removed.
history_starts as (
    select
        cast(null as string) as source_system,
        cast(null as {{ instant_type() }}) as history_starts_at
    where false
),

deletions as (
    select
        cast(null as string) as case_id,
        cast(null as {{ instant_type() }}) as deleted_at
    where false
),

{{ stints(
    'case_id',
    pass_key="replace(stage_key, '_', '-')" if history_option('stages') == 'rules' else 'stage_key'
) }}

select * from stints
