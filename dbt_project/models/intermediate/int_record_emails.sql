with

records as (
    select * from {{ ref('int_crm_records') }}
),

role_addresses as (
    select * from {{ ref('cfg_role_addresses') }}
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

judged as (
    select
        emails.record_key,
        emails.email,
        role_addresses.local_part is not null as is_role_address
    from emails
    left join role_addresses on split_part(emails.email, '@', 1) = role_addresses.local_part
)

select * from judged
