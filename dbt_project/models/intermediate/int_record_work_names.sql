/*
People by the name under which they work somewhere: telephone number, employer (web domain, else the
company's name), name. A name is spelled in several ways: the family name alone, with an initial, both
names in any order. Where one CRM has it with two addresses they are namesakes, and it tells nothing;
so it does where first names differ. Mail systems number namesakes: the digits of an address belong
to the name.
*/
with

limits as (
    select * from {{ ref('cfg_identity_limits') }}
),

records as (
    select
        records.record_key,
        records.source_system,
        records.email,
        nullif({{ plain_letters('records.first_name') }}, '') as first_name,
        nullif({{ plain_letters('records.last_name') }}, '') as last_name,
        coalesce(split_part(records.email, '@', 1), '') as mailbox,
        {{ company_name_key('records.company', 'limits.legal_forms_pattern') }} as company
    from {{ ref('int_crm_records') }} as records
    cross join limits
),

domains as (
    select
        record_key,
        min(domain) as domain
    from {{ ref('int_record_emails') }}
    where is_corporate
    group by record_key
),

employed as (
    select
        records.*,
        numbers.number || ' ' || coalesce(domains.domain, records.company) as place,
        {{ digits('records.mailbox') }} as mailbox_number
    from records
    inner join {{ ref('int_record_numbers') }} as numbers
        on records.record_key = numbers.record_key and numbers.number_kind = 'phone'
    left join domains on records.record_key = domains.record_key
    where coalesce(domains.domain, records.company) is not null
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
        case when has_order then first_name end as first_name,
        place || ' ' || name_key || ' ' || mailbox_number as work_name
    from spellings
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
