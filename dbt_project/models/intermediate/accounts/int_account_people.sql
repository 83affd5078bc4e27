-- Who belonged to each account, and from when to when: as long as a record of theirs says so.
with

matches as (
    select
        records.person_id,
        accounts.account_id,
        greatest(records.created_at, accounts.account_created_at) as valid_from,
        records.deleted_at
    from {{ ref('int_record_accounts') }} as accounts
    inner join {{ ref('int_person_records') }} as records on accounts.record_key = records.record_key
)

select
    person_id,
    account_id,
    min(valid_from) as valid_from,
    case when count(deleted_at) = count(*) then max(deleted_at) end as valid_to
from matches
group by person_id, account_id
