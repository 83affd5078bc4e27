-- Living opportunities of either CRM as they stand at as_of, each once.
with

opportunities as (
    select * from {{ ref('int_opportunities') }}
    where mirror_of is null and not is_deleted
),

last_states as (
    select
        opportunity_key,
        state,
        changed_at,
        row_number() over (partition by opportunity_key order by state_number desc) as number_from_end
    from {{ ref('int_opportunity_states') }}
),

people as (
    select
        parts.opportunity_key,
        count(distinct records.person_id) as people
    from {{ ref('int_opportunity_people') }} as parts
    inner join {{ ref('int_person_records') }} as records on parts.record_key = records.record_key
    group by parts.opportunity_key
),

joined as (
    select
        opportunities.opportunity_key as opportunity_id,
        opportunities.source_system,
        opportunities.record_id,
        xref.account_id,
        opportunities.name,
        opportunities.owner_id,
        opportunities.stage_label,
        last_states.state,
        opportunities.currency,
        opportunities.amount,
        opportunities.amount_corporate,
        opportunities.close_date,
        opportunities.created_at,
        case when last_states.state <> 'open' then last_states.changed_at end as closed_at,
        coalesce(people.people, 0) as people
    from opportunities
    inner join last_states
        on opportunities.opportunity_key = last_states.opportunity_key and last_states.number_from_end = 1
    left join people on opportunities.opportunity_key = people.opportunity_key
    left join {{ ref('int_account_xref') }} as xref
        on opportunities.account_key = xref.account_key and xref.is_living
)

select * from joined
