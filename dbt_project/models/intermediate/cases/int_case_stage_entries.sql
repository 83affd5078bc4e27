{{ config(tags=['imported']) }}
-- One row for each stay of a case: repeats collapsed unless told otherwise; slips stay in a file's history.
with

events as (
    select * from {{ ref('int_case_stage_events_arbitrated') }}
),

settings as (
    select {{ 'bounce_seconds' if history_option('stages') == 'rules' else '0' }} as bounce_seconds
    from {{ ref('cfg_settings') }}
),

{{ stage_entries('case_id', collapses=history_option('repeats') == 'collapse') }}

select * from entries
