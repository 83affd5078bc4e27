/*
People by the name under which they work somewhere: telephone number, employer, name. The employer is
known by web domain, by the company's name, or by both. A name is spelled in several ways: the family
name alone, with an initial, both names in any order. Where one CRM has it with two addresses they are
namesakes, and it tells nothing; so it does where first names differ. Mail systems number namesakes:
the digits of an address belong to the name. A record without address fits any of them (`*`), at a
number that is no company's: at a switchboard, whoever left no address may be a namesake, and so may
whoever has another mobile number.
*/
with

records as (
    select
        records.record_key,
        records.source_system,
        records.email,
        nullif({{ plain_letters('records.first_name') }}, '') as first_name,
        nullif({{ plain_letters('records.last_name') }}, '') as last_name,
        {{ digits("coalesce(split_part(records.email, '@', 1), '')") }} as mailbox_number,
        company_names.name_key as company,
        reached.number,
        reached.is_switchboard,
        reached.mobile_at_switchboard
    from {{ ref('int_crm_records') }} as records
    inner join {{ ref('int_work_numbers') }} as reached on records.record_key = reached.record_key
    left join {{ ref('int_company_names') }} as company_names on records.company = company_names.name
),

employers as (
    select
        emails.record_key,
        min(emails.domain) as employer
    from {{ ref('int_record_emails') }} as emails
    inner join {{ ref('int_work_numbers') }} as reached on emails.record_key = reached.record_key
    where emails.is_corporate and emails.domain is not null
    group by emails.record_key
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
        records.number || ' ' || employers.employer as place
    from records
    inner join employers on records.record_key = employers.record_key
    where records.last_name is not null
),

-- Names in any order are compared whole, so that there is no first name which could differ.
spellings as (
    select
        employed.*,
        first_name as known_as,
        last_name as name_key
    from employed
    union all
    select
        employed.*,
        first_name as known_as,
        last_name || ' ' || substr(first_name, 1, 1) || '.' as name_key
    from employed
    where first_name is not null
    union all
    select
        employed.*,
        cast(null as string) as known_as,
        least(first_name, last_name) || ' ' || greatest(first_name, last_name) as name_key
    from employed
    where first_name is not null
),

endings as (
    select ends.is_any from (values (false), (true)) as ends (is_any)
),

named as (
    select
        record_key,
        source_system,
        email,
        mailbox_number,
        known_as,
        mobile_at_switchboard,
        place || ' ' || name_key || ' ' || case when endings.is_any then '*' else mailbox_number end as work_name
    from spellings
    inner join endings on not (spellings.is_switchboard and endings.is_any)
),

-- Nor does a name that one record alone has.
shared_names as (
    select work_name
    from named
    group by work_name
    having min(record_key) <> max(record_key)
),

shared as (
    select named.*
    from named
    inner join shared_names on named.work_name = shared_names.work_name
),

ambiguous as (
    select work_name
    from shared
    group by work_name, source_system
    having min(email) <> max(email)
    union
    select work_name
    from shared
    group by work_name
    having
        min(substr(known_as, 1, 1)) <> max(substr(known_as, 1, 1))
        or min(case when length(known_as) > 1 then known_as end)
        <> max(case when length(known_as) > 1 then known_as end)
        or min(mobile_at_switchboard) <> max(mobile_at_switchboard)
        or min(case when email is not null then mailbox_number end)
        <> max(case when email is not null then mailbox_number end)
)

select distinct
    shared.record_key,
    shared.work_name
from shared
left join ambiguous on shared.work_name = ambiguous.work_name
where ambiguous.work_name is null
