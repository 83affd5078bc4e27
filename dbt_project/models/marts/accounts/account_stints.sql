-- One row for each uninterrupted stay of a living account in a stage: [entered_at, exited_at).
with

entries as (
    select * from {{ ref('int_account_stage_entries') }}
),

account_stages as (
    select * from {{ ref('int_account_stages') }}
),

stages as (
    select
        stage_key,
        stage_label,
        pass_name,
        place as stage_rank,
        phase,
        path_type,
        ends_cycle
    from account_stages
),

history_starts as (
    select * from {{ ref('int_history_starts') }}
),

-- Nobody belongs to an account that is gone, so that it has no stays at all.
deletions as (
    select
        account_id,
        cast(null as {{ instant_type() }}) as deleted_at
    from entries
    where false
),

{{ stints('account_id') }}

select
    stints.account_id,
    stints.stint_number,
    stints.stage_key,
    stints.stage_label,
    account_stages.stage_rank,
    stints.phase,
    stints.path_type,
    stints.pass_number,
    stints.stage_pass,
    stints.stage_pass_label,
    stints.is_last_pass,
    stints.cycle_number,
    stints.entered_at,
    stints.exited_at,
    stints.exit_type,
    stints.next_stage_key,
    stints.next_stage_pass,
    stints.stages_skipped,
    stints.evidence,
    stints.source_system,
    stints.entered_at_is_lower_bound,
    stints.days_in_stage
from stints
inner join account_stages on stints.stage_key = account_stages.stage_key
