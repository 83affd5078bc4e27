with

records as (
    select * from {{ ref('int_crm_records') }}
),

role_addresses as (
    select * from {{ ref('cfg_role_addresses') }}
),

free_mail as (
    select * from {{ ref('cfg_free_mail_domains') }}
),

additional as (
    {{ split_rows('records', 'record_key', 'additional_emails', ';') }}
),

emails as (
    select
        record_key,
        email
    from records
    where email is not null
    union
    select
        record_key,
        part as email
    from additional
),

-- What one CRM could not deliver is nobody's address in the other one either.
bounced as (
    select distinct email
    from records
    where is_bounced
),

judged as (
    select
        emails.record_key,
        emails.email,
        role_addresses.local_part is not null as is_role_address,
        bounced.email is not null as is_bounced,
        role_addresses.local_part is null and bounced.email is null as is_evidence,
        free_mail.domain is null as is_corporate
    from emails
    left join role_addresses on split_part(emails.email, '@', 1) = role_addresses.local_part
    left join bounced on emails.email = bounced.email
    left join free_mail on split_part(emails.email, '@', 2) = free_mail.domain
)

select * from judged
