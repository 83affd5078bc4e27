/*
The account of each person's record, by the surest rule that finds one. Of several that it finds: the
CRM's main one, one with open business, a customer, the one with most contacts, the oldest.
*/
with

candidates as (
    select * from {{ ref('int_account_candidates') }}
),

ranked as (
    select
        candidates.*,
        row_number() over (
            partition by candidates.record_key
            order by
                candidates.rule_rank asc,
                candidates.preference asc,
                case when standings.open_opportunities > 0 then 0 else 1 end asc,
                case when standings.won_opportunities > 0 then 0 else 1 end asc,
                coalesce(standings.contacts, 0) desc,
                candidates.record_number asc
        ) as choice
    from candidates
    left join {{ ref('int_account_standings') }} as standings on candidates.account_id = standings.account_id
),

counted as (
    select
        record_key,
        rule_rank,
        count(distinct account_id) as candidates
    from candidates
    group by record_key, rule_rank
)

select
    ranked.record_key,
    ranked.account_id,
    ranked.match_rule,
    ranked.rule_rank,
    ranked.confidence,
    counted.candidates,
    ranked.created_at as account_created_at
from ranked
inner join counted
    on
        ranked.record_key = counted.record_key
        and ranked.rule_rank = counted.rule_rank
where ranked.choice = 1
