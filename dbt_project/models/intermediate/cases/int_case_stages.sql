{{ config(tags=['imported']) }}
-- The stages of an imported history, as the engine wants them: the file's own, or the company's rules.
with

by_rules as (
    select
        stage_key,
        stage_label,
        pass_name,
        stage_rank,
        phase,
        path_type,
        authority,
        is_decision,
        may_return,
        ends_cycle
    from {{ ref('cfg_stages') }}
),

-- A file knows neither phases nor detours, and what it says moves its cases anywhere.
by_file as (
    select
        stage_name as stage_key,
        stage_name as stage_label,
        stage_name as pass_name,
        cast(stage_rank as integer) as stage_rank,
        cast(null as string) as phase,
        'success' as path_type,
        'any' as authority,
        false as is_decision,
        false as may_return,
        false as ends_cycle
    from {{ ref('int_case_stage_places') }}
),

chosen as (
    select * from by_rules
    where {{ history_option('stages') == 'rules' }}
    union all
    select * from by_file
    where {{ history_option('stages') == 'file' }}
)

select * from chosen
