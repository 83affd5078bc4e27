/*
Who has what only one person has: addresses, numbers, chat ids, a name at work. Where people told
apart have the same thing, it ties only records that stay together by that decision (`held_by`).
*/
with

holdings as (
    select
        record_key,
        'email' as rule,
        email as evidence
    from {{ ref('int_record_emails') }}
    where is_evidence
    union all
    select
        record_key,
        channel_kind as rule,
        channel_value as evidence
    from {{ ref('int_record_channels') }}
    where not is_shared
    union all
    select
        record_key,
        'phone_and_name' as rule,
        work_name as evidence
    from {{ ref('int_record_work_names') }}
),

grouped as (
    select
        holdings.*,
        coalesce(named.group_key, '') as group_key
    from holdings
    left join {{ ref('cfg_identity_groups') }} as named on holdings.record_key = named.record_key
),

contested as (
    select distinct
        one.rule,
        one.evidence
    from grouped as one
    inner join {{ ref('cfg_identity_splits') }} as splits on one.group_key = splits.group_key
    inner join grouped as other
        on
            one.rule = other.rule
            and one.evidence = other.evidence
            and splits.other_group_key = other.group_key
)

select
    grouped.record_key,
    grouped.rule,
    grouped.evidence,
    case when contested.evidence is null then '' else grouped.group_key end as held_by
from grouped
left join contested
    on
        grouped.rule = contested.rule
        and grouped.evidence = contested.evidence
