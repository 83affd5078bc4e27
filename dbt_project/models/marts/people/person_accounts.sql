-- The accounts that a living person belongs or belonged to, and how we know.
with

matches as (
    select
        records.person_id,
        accounts.account_id,
        accounts.match_rule,
        accounts.rule_rank,
        accounts.confidence,
        accounts.candidates,
        greatest(records.created_at, accounts.account_created_at) as valid_from,
        records.deleted_at
    from {{ ref('int_record_accounts') }} as accounts
    inner join {{ ref('int_person_records') }} as records on accounts.record_key = records.record_key
),

spans as (
    select * from {{ ref('int_account_people') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_id, account_id
            order by case when deleted_at is null then 0 else 1 end, rule_rank, candidates, valid_from
        ) as preference
    from matches
)

select
    ranked.person_id,
    ranked.account_id,
    ranked.match_rule,
    ranked.confidence,
    ranked.candidates,
    spans.valid_from,
    spans.valid_to,
    coalesce(people.account_id = ranked.account_id, false) as is_main
from ranked
inner join spans on ranked.person_id = spans.person_id and ranked.account_id = spans.account_id
inner join {{ ref('people') }} as people on ranked.person_id = people.person_id
where ranked.preference = 1
