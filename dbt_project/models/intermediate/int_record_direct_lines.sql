/*
Telephone numbers that seem to be one person's own, with the family name and the web domain that must
agree too. A number that a company calls its own, or that people of two names have, is a switchboard.
*/
with

records as (
    select
        record_key,
        lower(trim(last_name)) as last_name,
        lower(substr(trim(first_name), 1, 1)) as initial
    from {{ ref('int_crm_records') }}
    where last_name is not null
),

numbers as (
    select * from {{ ref('int_record_numbers') }}
),

switchboards as (
    select
        numbers.number,
        sum(case when numbers.number_kind = 'company' then 1 else 0 end) > 0
        or count(distinct records.last_name) > 1
        or count(distinct records.initial) > 1 as is_switchboard
    from numbers
    left join records on numbers.record_key = records.record_key
    group by numbers.number
),

domains as (
    select distinct
        emails.record_key,
        domains.domain
    from {{ ref('int_record_emails') }} as emails
    inner join {{ ref('int_web_domains') }} as domains on split_part(emails.email, '@', 2) = domains.host
    where emails.is_corporate and domains.domain is not null
),

direct_lines as (
    select distinct
        numbers.record_key,
        numbers.number,
        records.last_name,
        domains.domain
    from numbers
    inner join switchboards on numbers.number = switchboards.number and not switchboards.is_switchboard
    inner join records on numbers.record_key = records.record_key
    inner join domains on numbers.record_key = domains.record_key
    where numbers.number_kind = 'phone'
)

select * from direct_lines
