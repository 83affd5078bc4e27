/*
Every stage that an account can stand in: those of people, as far as it has bought nothing, and its own
after that. `stage_rank` is their order in tables; `place` counts the steps of the way to the sale and on;
`reach` says which stage counts of several people: the furthest on a path, and a detour only where all are.
*/
with

of_people as (
    select * from {{ ref('cfg_stages') }}
),

ends as (
    select
        max(stage_rank) as last_rank,
        max(case when path_type = 'success' then stage_rank end) as last_step
    from of_people
),

stages as (
    select
        of_people.*,
        of_people.stage_rank as place,
        case of_people.path_type when 'success' then ends.last_rank else 0 end + of_people.stage_rank as reach,
        false as is_own
    from of_people
    cross join ends
    union all
    select
        of_accounts.*,
        ends.last_step + of_accounts.stage_rank as place,
        cast(null as integer) as reach,
        true as is_own
    from {{ ref('cfg_account_stages') }} as of_accounts
    cross join ends
)

select
    stages.stage_key,
    stages.stage_label,
    stages.pass_name,
    case when stages.is_own then ends.last_rank else 0 end + stages.stage_rank as stage_rank,
    stages.place,
    stages.reach,
    stages.phase,
    stages.path_key,
    stages.path_label,
    stages.path_type,
    stages.authority,
    stages.is_decision,
    stages.may_return,
    stages.ends_cycle,
    stages.is_of_accounts,
    stages.is_own
from stages
cross join ends
