-- One row for each stay of an account: repeats collapsed, slips dropped.
with

settings as (
    select * from {{ ref('cfg_settings') }}
),

stages as (
    select * from {{ ref('int_account_stages') }}
),

standpoints as (
    select
        *,
        row_number() over (partition by account_id order by occurred_at) as event_number
    from {{ ref('int_account_standpoints') }}
),

events as (
    select
        standpoints.account_id || ':' || cast(standpoints.event_number as string) as stage_event_id,
        standpoints.*,
        false as occurred_at_is_lower_bound,
        stages.is_decision
    from standpoints
    inner join stages on standpoints.stage_key = stages.stage_key
),

{{ stage_entries('account_id') }}

select * from entries
