-- Telephone numbers, no mobiles, at which several people's records are reached: desks and switchboards.
with

numbers as (
    select * from {{ ref('int_record_numbers') }}
),

-- A number that one record alone has ties nothing.
shared as (
    select
        number,
        max(case when number_kind = 'company' then 1 else 0 end) = 1 as is_switchboard
    from numbers
    where number_kind in ('phone', 'company')
    group by number
    having
        min(case when number_kind = 'phone' then record_key end)
        <> max(case when number_kind = 'phone' then record_key end)
),

mobiles as (
    select
        record_key,
        number
    from numbers
    where number_kind = 'mobile'
)

select
    phones.record_key,
    phones.number,
    shared.is_switchboard,
    case when shared.is_switchboard then mobiles.number end as mobile_at_switchboard
from numbers as phones
inner join shared on phones.number = shared.number
left join mobiles on phones.record_key = mobiles.record_key
where phones.number_kind = 'phone'
