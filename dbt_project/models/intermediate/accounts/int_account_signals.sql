-- Where the rules put an account that visits the site while nobody of it is known.
with

entry_rules as (
    select * from {{ ref('cfg_entry_rules') }}
    where rule_on = 'account_signal'
),

visits as (
    select
        xref.account_id,
        min(records.first_seen_on_site_at) as occurred_at
    from {{ ref('int_account_records') }} as records
    inner join {{ ref('int_account_xref') }} as xref on records.account_key = xref.account_key
    where not records.is_deleted and records.first_seen_on_site_at <= {{ as_of() }}
    group by xref.account_id
),

first_known as (
    select
        account_id,
        min(occurred_at) as known_at
    from {{ ref('int_account_furthest') }}
    group by account_id
)

select
    visits.account_id,
    entry_rules.stage_key,
    'rule' as evidence,
    'hubspot' as source_system,
    visits.occurred_at
from visits
cross join entry_rules
left join first_known on visits.account_id = first_known.account_id
where first_known.known_at is null or visits.occurred_at < first_known.known_at
