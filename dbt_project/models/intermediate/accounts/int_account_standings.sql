-- What decides between accounts that fit somebody equally well: open business, customers, contacts.
with

business as (
    select
        xref.account_id,
        sum(
            case when opportunities.closed_at is null or opportunities.closed_at > {{ as_of() }} then 1 else 0 end
        ) as open_opportunities,
        sum(
            case when opportunities.is_won and opportunities.closed_at <= {{ as_of() }} then 1 else 0 end
        ) as won_opportunities
    from {{ ref('int_opportunities') }} as opportunities
    inner join {{ ref('int_account_xref') }} as xref on opportunities.account_key = xref.account_key
    where opportunities.mirror_of is null and not opportunities.is_deleted
    group by xref.account_id
),

contacts as (
    select
        account_id,
        count(distinct record_key) as contacts
    from {{ ref('int_account_candidates') }}
    where confidence = 1
    group by account_id
)

select
    coalesce(business.account_id, contacts.account_id) as account_id,
    coalesce(business.open_opportunities, 0) as open_opportunities,
    coalesce(business.won_opportunities, 0) as won_opportunities,
    coalesce(contacts.contacts, 0) as contacts
from business
full join contacts on business.account_id = contacts.account_id
