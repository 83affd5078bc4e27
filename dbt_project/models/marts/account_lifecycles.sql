/*
Where each account stands: as far as the person of it who stands furthest on the path. An account
that shows itself while nobody of it is known stands where the rules put a signal.
*/
with

accounts as (
    select * from {{ ref('accounts') }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

signal_rules as (
    select * from {{ ref('cfg_entry_rules') }}
    where rule_on = 'account_signal'
),

lifecycles as (
    select
        people.account_id,
        lifecycles.stage_key,
        lifecycles.entered_at,
        row_number() over (
            partition by people.account_id
            order by
                case stages.path_type when 'success' then 1 else 2 end asc,
                stages.stage_rank desc, lifecycles.entered_at asc, lifecycles.person_id asc
        ) as preference
    from {{ ref('person_lifecycles') }} as lifecycles
    inner join {{ ref('people') }} as people on lifecycles.person_id = people.person_id
    inner join stages on lifecycles.stage_key = stages.stage_key
    where people.account_id is not null
),

by_people as (
    select
        account_id,
        stage_key,
        entered_at as stage_since
    from lifecycles
    where preference = 1
),

by_signal as (
    select
        accounts.account_id,
        signal_rules.stage_key,
        accounts.first_signal_at as stage_since
    from accounts
    cross join signal_rules
    left join by_people on accounts.account_id = by_people.account_id
    where
        accounts.first_signal_at <= {{ as_of() }}
        and by_people.account_id is null
),

standing as (
    select * from by_people
    union all
    select * from by_signal
),

described as (
    select
        standing.account_id,
        stages.stage_key,
        stages.stage_label,
        stages.stage_rank,
        stages.phase,
        standing.stage_since
    from standing
    inner join stages on standing.stage_key = stages.stage_key
)

select * from described
