/*
People by the name under which they work somewhere: telephone number, employer, name. The employer is
known by web domain, by the company's name, or by both. A name is spelled in several ways: the family
name alone, with an initial, both names in any order. Where one CRM has it with two addresses they are
namesakes, and it tells nothing; so it does where first names differ. Mail systems number namesakes:
the digits of an address belong to the name. A record without address fits any of them (`*`), at a
number that is no company's: at a switchboard, whoever left no address may be a namesake.
*/
with

records as (
    select
        records.record_key,
        records.source_system,
        records.email,
        nullif({{ plain_letters('records.first_name') }}, '') as first_name,
        nullif({{ plain_letters('records.last_name') }}, '') as last_name,
        coalesce(split_part(records.email, '@', 1), '') as mailbox,
        company_names.name_key as company
    from {{ ref('int_crm_records') }} as records
    left join {{ ref('int_company_names') }} as company_names on records.company = company_names.name
),

numbers as (
    select * from {{ ref('int_record_numbers') }}
),

-- A number that one record alone has ties nothing.
shared_numbers as (
    select
        number,
        max(case when number_kind = 'company' then 1 else 0 end) as is_of_a_company
    from numbers
    where number_kind in ('phone', 'company')
    group by number
    having count(distinct case when number_kind = 'phone' then record_key end) > 1
),

reached as (
    select
        numbers.*,
        shared_numbers.is_of_a_company
    from numbers
    inner join shared_numbers on numbers.number = shared_numbers.number
    where numbers.number_kind = 'phone'
),

employers as (
    select
        record_key,
        min(domain) as employer
    from {{ ref('int_record_emails') }}
    where is_corporate and domain is not null
    group by record_key
    union
    select
        record_key,
        company as employer
    from records
    where company is not null
),

employed as (
    select
        records.*,
        reached.number || ' ' || employers.employer as place,
        reached.is_of_a_company = 1 as is_switchboard,
        {{ digits('records.mailbox') }} as mailbox_number
    from records
    inner join reached on records.record_key = reached.record_key
    inner join employers on records.record_key = employers.record_key
),

spellings as (
    select
        employed.*,
        true as has_order,
        last_name as name_key
    from employed
    where last_name is not null
    union all
    select
        employed.*,
        true as has_order,
        last_name || ' ' || substr(first_name, 1, 1) || '.' as name_key
    from employed
    where last_name is not null and first_name is not null
    union all
    select
        employed.*,
        false as has_order,
        least(first_name, last_name) || ' ' || greatest(first_name, last_name) as name_key
    from employed
    where last_name is not null and first_name is not null
),

-- Names in any order are compared whole, so that there is no first name which could differ.
named as (
    select
        record_key,
        source_system,
        email,
        mailbox_number,
        case when has_order then first_name end as first_name,
        place || ' ' || name_key || ' ' || mailbox_number as work_name
    from spellings
    union all
    select
        record_key,
        source_system,
        email,
        mailbox_number,
        case when has_order then first_name end as first_name,
        place || ' ' || name_key || ' *' as work_name
    from spellings
    where not is_switchboard
),

crowded as (
    select work_name
    from named
    group by work_name, source_system
    having count(distinct email) > 1
),

contradicted as (
    select work_name
    from named
    group by work_name
    having
        count(distinct substr(first_name, 1, 1)) > 1
        or count(distinct case when length(first_name) > 1 then first_name end) > 1
        or count(distinct case when email is not null then mailbox_number end) > 1
),

ambiguous as (
    select work_name from crowded
    union
    select work_name from contradicted
)

select distinct
    named.record_key,
    named.work_name
from named
left join ambiguous on named.work_name = ambiguous.work_name
where ambiguous.work_name is null
