-- What part each person has in buying at an account, by what the CRMs say and by their titles.
with

personas as (
    select * from {{ ref('cfg_personas') }}
),

records as (
    select * from {{ ref('int_person_records') }}
    where not is_deleted
),

placed as (
    select
        records.*,
        accounts.account_id
    from records
    inner join {{ ref('int_record_accounts') }} as accounts on records.record_key = accounts.record_key
),

contact_roles as (
    select
        xref.account_id,
        records.person_id,
        'contact_role' as source,
        lower(coalesce(parts.role, case when parts.is_primary then 'Primary Contact' end)) as value,
        parts.since
    from {{ ref('int_opportunity_people') }} as parts
    inner join {{ ref('int_opportunities') }} as opportunities
        on parts.opportunity_key = opportunities.opportunity_key
    inner join {{ ref('int_account_xref') }} as xref
        on opportunities.account_key = xref.account_key and xref.is_living
    inner join records on parts.record_key = records.record_key
    where not opportunities.is_deleted
),

buying_parts as (
    {{ split_rows('placed', 'record_key', 'buying_roles', ';') }}
),

buying_roles as (
    select
        placed.account_id,
        placed.person_id,
        'buying_role' as source,
        lower(buying_parts.part) as value,
        placed.created_at as since
    from buying_parts
    inner join placed on buying_parts.record_key = placed.record_key
),

said as (
    select * from contact_roles
    union all
    select * from buying_roles
),

by_word as (
    select
        said.account_id,
        said.person_id,
        said.source,
        personas.persona,
        coalesce(personas.role, 'other') as role,
        personas.side,
        said.since
    from said
    left join personas on said.source = personas.source and said.value = personas.value
    where said.value is not null
),

titled as (
    select
        placed.account_id,
        placed.person_id,
        'title' as source,
        titles.persona,
        titles.role,
        titles.side,
        placed.created_at as since
    from placed
    inner join {{ ref('int_title_personas') }} as titles on placed.title = titles.title
),

roles as (
    select * from by_word
    union all
    select * from titled
),

-- Side and persona are what one of them says: the first that knows a persona.
ranked as (
    select
        *,
        row_number() over (
            partition by account_id, person_id, role
            order by
                case when persona is null then 1 else 0 end, case when side is null then 1 else 0 end,
                source, persona, side
        ) as preference
    from roles
),

sources as (
    select
        account_id,
        person_id,
        role,
        {{ string_agg('source', ', ', 'source') }} as sources
    from (
        select distinct
            account_id,
            person_id,
            role,
            source
        from roles
    ) as known
    group by account_id, person_id, role
)

select
    roles.account_id,
    roles.person_id,
    roles.role,
    max(case when roles.preference = 1 then roles.side end) as side,
    max(case when roles.preference = 1 then roles.persona end) as persona,
    sources.sources,
    min(roles.since) as since
from ranked as roles
inner join sources
    on
        roles.account_id = sources.account_id
        and roles.person_id = sources.person_id
        and roles.role = sources.role
group by roles.account_id, roles.person_id, roles.role, sources.sources
