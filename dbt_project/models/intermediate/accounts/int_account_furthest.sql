-- The stage of each account's people who are furthest on, at every instant at which it changes. Counted per stage by
-- those who come and go, so that an account of ten thousand people costs what ten thousand of one do.
with

stages as (
    select * from {{ ref('int_account_stages') }}
    where not is_own
),

bits as (
    select
        reach,
        row_number() over (order by reach) as place,
        cast({{ pow2('row_number() over (order by reach) - 1') }} as bigint) as stage_bit
    from stages
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

-- The stages taken after each instant, as the bits of one number: its length is the furthest of them.
instants as (
    select
        turns.account_id,
        turns.changed_at,
        sum(case when turns.is_taken then bits.stage_bit else -bits.stage_bit end) as taken
    from turns
    inner join bits on turns.reach = bits.reach
    group by turns.account_id, turns.changed_at
),

standing as (
    select
        account_id,
        changed_at,
        cast(sum(taken) over (
            partition by account_id order by changed_at
            rows between unbounded preceding and current row
        ) as bigint) as taken
    from instants
),

furthest as (
    select
        standing.account_id,
        standing.changed_at,
        bits.reach
    from standing
    inner join bits on length(bin(standing.taken)) = bits.place
    where standing.taken > 0
),

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
