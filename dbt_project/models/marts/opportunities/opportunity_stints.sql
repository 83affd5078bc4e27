-- One row for each stay of an opportunity in a stage of its CRM, [entered_at, exited_at), with what it was worth.
with

entries as (
    select * from {{ ref('int_opportunity_stage_entries') }}
),

opportunity_stages as (
    select * from {{ ref('int_opportunity_stages') }}
),

stages as (
    select
        *,
        stage_label as pass_name,
        state as phase
    from opportunity_stages
),

-- Both CRMs keep the stages of an opportunity from its first day.
history_starts as (
    select
        source_system,
        min(created_at) as history_starts_at
    from {{ ref('int_opportunities') }}
    group by source_system
),

deletions as (
    select
        opportunity_key,
        deleted_at
    from {{ ref('int_opportunities') }}
    where deleted_at is not null
),

{{ stints('opportunity_key', 'stage_key') }},

-- The value that an instant finds, and the one just before a stay ended: closing often changes both.
amounts as (
    {{ values_of_stints('amount') }}
),

close_dates as (
    {{ values_of_stints('close_date') }}
),

-- Ranks of two pipelines say nothing of each other. A loss is one, and a way back from it, wherever it is.
{% set changes_pipeline -%}
(
            stints.exit_type in ('advance', 'regress')
            and coalesce(opportunity_stages.pipeline_id, '') <> coalesce(next_stages.pipeline_id, '')
        )
{%- endset %}
valued as (
    select
        stints.opportunity_key as opportunity_id,
        stints.stint_number,
        stints.stage_key,
        stints.stage_label,
        stints.stage_rank,
        opportunity_stages.state,
        opportunity_stages.pipeline_label,
        stints.path_type,
        stints.pass_number,
        stints.stage_pass,
        stints.stage_pass_label,
        stints.is_last_pass,
        stints.cycle_number,
        stints.entered_at,
        stints.exited_at,
        case when {{ changes_pipeline }} then 'transfer' else stints.exit_type end as exit_type,
        stints.next_stage_key,
        stints.next_stage_pass,
        -- open stages in use that stand between: one that nobody may use any more is not skipped
        case
            when stints.exit_type = 'advance' and not {{ changes_pipeline }}
                then
                    greatest(
                        next_stages.open_stages_before - opportunity_stages.open_stages_before - case
                            when opportunity_stages.is_in_use and opportunity_stages.state = 'open' then 1 else 0
                        end,
                        0
                    )
            else 0
        end as stages_skipped,
        stints.evidence,
        stints.source_system,
        stints.entered_at_is_lower_bound,
        stints.days_in_stage,
        amounts.at_entry as amount_at_entry,
        amounts.before_exit as amount_before_exit,
        close_dates.at_entry as close_date_at_entry,
        close_dates.before_exit as close_date_before_exit
    from stints
    inner join opportunity_stages on stints.stage_key = opportunity_stages.stage_key
    left join opportunity_stages as next_stages on stints.next_stage_key = next_stages.stage_key
    left join amounts
        on stints.opportunity_key = amounts.opportunity_key and stints.stint_number = amounts.stint_number
    left join close_dates
        on stints.opportunity_key = close_dates.opportunity_key and stints.stint_number = close_dates.stint_number
)

select * from valued
