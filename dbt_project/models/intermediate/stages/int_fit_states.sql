{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- When each person was fit enough for a rule, and until when: [occurred_at, ended_at).
with

signals as (
    select
        fit.person_id,
        rules.rule_id,
        fit.signalled_at,
        fit.points,
        rules.at_least as enter_at,
        rules.leave_below,
        coalesce(rules.leave_after_days, 0) as leave_after_days
    from {{ of_touched_people(ref('int_fit_signals')) }} as fit
    inner join {{ ref('cfg_entry_rules') }} as rules on rules.rule_on = 'fit'
),

{{ hysteresis('person_id') }},

states as (
    select
        *,
        lead(occurred_at) over (partition by person_id, rule_id order by occurred_at) as ended_at,
        row_number() over (partition by person_id, rule_id, is_in order by occurred_at) as fit_number
    from crossings
)

select
    person_id,
    rule_id,
    fit_number,
    occurred_at,
    ended_at
from states
where is_in
