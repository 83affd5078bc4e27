{{ config(meta={'dagster': {'ref': {'name': 'accounts'}}}) }}

with

named as (
    select
        'person' as named_by,
        person_id as name_id,
        account_id
    from {{ ref('people') }}
    union all
    select
        'opportunity' as named_by,
        opportunity_id as name_id,
        account_id
    from {{ ref('opportunities') }}
)

select named.*
from named
left join {{ ref('accounts') }} as accounts on named.account_id = accounts.account_id
where named.account_id is not null and accounts.account_id is null
