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
        1 as delta
    from theirs
    union all
    select
        account_id,
        reach,
        left_at as changed_at,
        -1 as delta
    from theirs
    where left_at is not null
),

summed as (
    select
        account_id,
        reach,
        changed_at,
        sum(delta) as delta
    from changes
    group by account_id, reach, changed_at
),

counted as (
    select
        *,
        sum(delta) over (
            partition by account_id, reach order by changed_at
            rows between unbounded preceding and current row
        ) as people
    from summed
),

turns as (
    select
        account_id,
        reach,
        changed_at,
        people > 0 as is_taken
    from counted
    where (people > 0) <> (people - delta > 0)
),

{{ furthest_reaches() }},

compared as (
    select
        *,
        lag(reach) over (partition by account_id order by changed_at) as previous_reach
    from furthest
),

moves as (
    select * from compared
    where previous_reach is null or previous_reach <> reach
),

-- Of those who come in one instant the best evidence speaks, with the system that it is of.
told as (
    select
        moves.*,
        theirs.evidence_rank,
        theirs.source_system,
        row_number() over (
            partition by moves.account_id, moves.changed_at
            order by theirs.evidence_rank, theirs.source_system
        ) as preference
    from moves
    left join turns
        on
            moves.account_id = turns.account_id
            and moves.changed_at = turns.changed_at
            and moves.reach = turns.reach
    left join theirs
        on
            turns.account_id = theirs.account_id
            and turns.changed_at = theirs.came_at
            and turns.reach = theirs.reach
)

-- Where somebody leaves and others stay behind, it follows from what is known of these.
select
    told.account_id,
    stages.stage_key,
    case told.evidence_rank when 1 then 'history' when 3 then 'snapshot' when 4 then 'inferred_initial' else 'rule' end
        as evidence,
    told.source_system,
    told.changed_at as occurred_at
from told
inner join stages on told.reach = stages.reach
where told.preference = 1
