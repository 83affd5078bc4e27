/*
What opportunities say about the account that they are with: each time that one was won or lost, and until when it
was so. One that is lost while another is open says nothing; neither does a deleted one.
*/
with

opportunities as (
    select
        opportunities.opportunity_key,
        opportunities.source_system,
        xref.account_id
    from {{ ref('int_opportunities') }} as opportunities
    inner join {{ ref('int_account_xref') }} as xref
        on opportunities.account_key = xref.account_key and xref.is_living
    where opportunities.mirror_of is null and not opportunities.is_deleted
),

spells as (
    select
        opportunities.account_id,
        opportunities.opportunity_key,
        opportunities.source_system,
        states.state_number,
        states.state,
        states.evidence,
        states.changed_at as occurred_at,
        lead(states.changed_at) over (
            partition by states.opportunity_key order by states.state_number
        ) as ended_at
    from {{ ref('int_opportunity_states') }} as states
    inner join opportunities on states.opportunity_key = opportunities.opportunity_key
),

consoled as (
    select distinct
        lost.opportunity_key,
        lost.state_number
    from spells as lost
    inner join spells as others
        on
            lost.account_id = others.account_id
            and lost.opportunity_key <> others.opportunity_key
            and others.state = 'open'
            and lost.occurred_at >= others.occurred_at
            and (others.ended_at is null or lost.occurred_at < others.ended_at)
    where lost.state = 'lost'
)

select
    spells.opportunity_key || ':' || cast(spells.state_number as string) as move_id,
    spells.account_id,
    spells.opportunity_key,
    spells.source_system,
    'opportunity_' || spells.state as rule_on,
    spells.evidence,
    spells.occurred_at,
    spells.ended_at
from spells
left join consoled
    on
        spells.opportunity_key = consoled.opportunity_key
        and spells.state_number = consoled.state_number
where spells.state <> 'open' and consoled.opportunity_key is null
