-- The stage of each account's people who are furthest on, at every instant at which it changes. Counted per stage by
-- those who come and go, so that an account of ten thousand people costs what ten thousand of one do.
with

stages as (
    select * from {{ ref('int_account_stages') }}
    where not is_own
),

theirs as (
    select
        stays.*,
        stages.reach,
        case stays.evidence when 'history' then 1 when 'snapshot' then 3 when 'inferred_initial' then 4 else 6 end
            as evidence_rank
    from {{ ref('int_account_stays') }} as stays
    inner join stages on stays.stage_key = stages.stage_key
),

changes as (
    select
        account_id,
        reach,
        came_at as changed_at,
        1 as delta,
        evidence_rank,
        source_system
    from theirs
    union all
    select
        account_id,
        reach,
        left_at as changed_at,
        -1 as delta,
        9 as evidence_rank,
        cast(null as string) as source_system
    from theirs
    where left_at is not null
),

-- Of those who come in one instant the best evidence speaks, with the system that it is of.
told as (
    select
        *,
        row_number() over (
            partition by account_id, reach, changed_at order by evidence_rank, source_system
        ) as preference
    from changes
),

summed as (
    select
        account_id,
        reach,
        changed_at,
        sum(delta) as delta,
        min(evidence_rank) as evidence_rank,
        max(case when preference = 1 then source_system end) as source_system
    from told
    group by account_id, reach, changed_at
),

counted as (
    select
        *,
        sum(delta) over (
            partition by account_id, reach order by changed_at
            rows between unbounded preceding and current row
        ) > 0 as is_taken
    from summed
),

compared as (
    select
        *,
        coalesce(lag(is_taken) over (partition by account_id, reach order by changed_at), false) as was_taken
    from counted
),

turns as (
    select * from compared
    where is_taken <> was_taken
),

-- Every stage at every instant of its account.
instants as (
    select distinct
        account_id,
        changed_at
    from turns
),

reaches as (
    select distinct
        account_id,
        reach
    from turns
),

standing as (
    select
        instants.account_id,
        instants.changed_at,
        reaches.reach,
        sum(case when turns.is_taken then 1 when turns.reach is not null then -1 else 0 end) over (
            partition by instants.account_id, reaches.reach order by instants.changed_at
            rows between unbounded preceding and current row
        ) as is_taken
    from instants
    inner join reaches on instants.account_id = reaches.account_id
    left join turns
        on
            instants.account_id = turns.account_id
            and instants.changed_at = turns.changed_at
            and reaches.reach = turns.reach
),

furthest as (
    select
        account_id,
        changed_at,
        max(reach) as reach
    from standing
    where is_taken = 1
    group by account_id, changed_at
),

moves as (
    select
        *,
        lag(reach) over (partition by account_id order by changed_at) as previous_reach
    from furthest
)

-- Where somebody leaves and others stay behind, it follows from what is known of these.
select
    moves.account_id,
    stages.stage_key,
    case turns.evidence_rank when 1 then 'history' when 3 then 'snapshot' when 4 then 'inferred_initial' else 'rule' end
        as evidence,
    turns.source_system,
    moves.changed_at as occurred_at
from moves
inner join stages on moves.reach = stages.reach
left join turns
    on
        moves.account_id = turns.account_id
        and moves.changed_at = turns.changed_at
        and moves.reach = turns.reach
where moves.previous_reach is null or moves.previous_reach <> moves.reach
