/*
What opportunities say about the people in them. A role counts from the day it was given, and not
before its record was there, until that record was deleted. A lost opportunity moves nobody who has
another one open or has bought already, and taking back a win nobody who has won another; a deleted
opportunity says nothing.
*/
with

people as (
    select
        records.person_id,
        roles.opportunity_key,
        min(greatest(roles.since, records.created_at)) as since,
        case when count(roles.ended_at) = count(*) then max(roles.ended_at) end as ended_at
    from {{ ref('int_opportunity_people') }} as roles
    inner join {{ ref('int_person_records') }} as records on roles.record_key = records.record_key
    group by records.person_id, roles.opportunity_key
),

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where not is_deleted
),

states as (
    select
        states.*,
        lag(state) over (partition by opportunity_key order by state_number) as previous_state,
        lead(changed_at) over (partition by opportunity_key order by state_number) as next_changed_at
    from {{ ref('int_opportunity_states') }} as states
    where changed_at <= {{ as_of() }}
),

spells as (
    select
        people.person_id,
        people.opportunity_key,
        opportunities.source_system,
        states.state_number,
        states.state,
        states.state = 'lost'
        -- a win that was taken back, from those who had it
        or (
            states.state = 'open'
            and coalesce(states.previous_state, '') = 'won'
            and states.changed_at >= people.since
        ) as is_setback,
        states.evidence,
        greatest(states.changed_at, people.since) as entered_at,
        states.next_changed_at as left_at
    from people
    inner join opportunities on people.opportunity_key = opportunities.opportunity_key
    inner join states on people.opportunity_key = states.opportunity_key
    where
        people.since <= {{ as_of() }}
        and (states.next_changed_at is null or states.next_changed_at > people.since)
        and (people.ended_at is null or states.changed_at < people.ended_at)
),

-- What was lost before the person had a role in it is no loss of theirs.
theirs as (
    select spells.*
    from spells
    inner join states
        on
            spells.opportunity_key = states.opportunity_key
            and spells.state_number = states.state_number
    where spells.state <> 'lost' or states.changed_at >= spells.entered_at
),

consoled as (
    select distinct
        setbacks.person_id,
        setbacks.opportunity_key,
        setbacks.state_number
    from theirs as setbacks
    inner join theirs as others
        on
            setbacks.person_id = others.person_id
            and setbacks.opportunity_key <> others.opportunity_key
            and setbacks.entered_at >= others.entered_at
            and (others.left_at is null or setbacks.entered_at < others.left_at)
            and (others.state = 'won' or (others.state = 'open' and setbacks.state = 'lost'))
    where setbacks.is_setback
),

moves as (
    select
        theirs.opportunity_key || ':' || cast(theirs.state_number as string) || ':' || theirs.person_id as move_id,
        theirs.person_id,
        theirs.opportunity_key,
        theirs.source_system,
        'opportunity_' || theirs.state as rule_on,
        theirs.is_setback,
        theirs.evidence,
        theirs.entered_at as occurred_at
    from theirs
    left join consoled
        on
            theirs.person_id = consoled.person_id
            and theirs.opportunity_key = consoled.opportunity_key
            and theirs.state_number = consoled.state_number
    where consoled.person_id is null
)

select * from moves
