-- What models leave out, and why: nothing is lost without a word.
with

touches as (
    select
        touches.*,
        coalesce(records.person_id, holders.person_id) as person_id
    from {{ ref('int_touches') }} as touches
    left join {{ ref('int_person_records') }} as records
        on touches.source_system = records.source_system and touches.record_id = records.record_id
    left join {{ ref('int_email_holders') }} as holders on touches.email = holders.email
    where touches.occurred_at <= {{ as_of() }}
),

-- An activity with several contacts is left out only if none of them is known.
dated as (
    select
        source_system,
        object_name,
        source_record_id as record_id,
        bool_or(is_impossible) as is_impossible,
        bool_or(person_id is not null) as has_person,
        min(record_id) as points_to,
        min(occurred_at) as occurred_at
    from touches
    group by source_system, object_name, source_record_id
),

impossible as (
    select
        source_system,
        object_name,
        record_id,
        'impossible_date' as reason,
        cast(cast(occurred_at as date) as string) as detail
    from dated
    where is_impossible
),

without_person as (
    select
        source_system,
        object_name,
        record_id,
        case object_name
            when 'campaign_member' then 'member_without_person'
            when 'form_submission' then 'submission_without_contact'
            else 'activity_without_person'
        end as reason,
        points_to as detail
    from dated
    where not has_person and not is_impossible
),

parts_without_contact as (
    select
        opportunities.source_system,
        case when parts.role_id is null then 'deal' else 'opportunity_contact_role' end as object_name,
        coalesce(parts.role_id, opportunities.record_id) as record_id,
        'role_without_contact' as reason,
        parts.record_key as detail
    from {{ ref('int_opportunity_people') }} as parts
    inner join {{ ref('int_opportunities') }} as opportunities
        on parts.opportunity_key = opportunities.opportunity_key
    left join {{ ref('int_person_records') }} as records on parts.record_key = records.record_key
    where records.record_key is null
),

-- A mistyped id decides nothing, and nobody would know.
decisions_without_record as (
    select
        split_part(named.record_key, ':', 1) as source_system,
        split_part(named.record_key, ':', 2) as object_name,
        split_part(named.record_key, ':', 3) as record_id,
        'decision_without_record' as reason,
        'identity.csv' as detail
    from (select distinct record_key from {{ ref('cfg_identity_groups') }}) as named
    left join {{ ref('int_person_xref') }} as xref on named.record_key = xref.record_key
    where xref.record_key is null
)

select * from impossible
union all
select * from without_person
union all
select * from parts_without_contact
union all
select * from decisions_without_record
