-- Every e-mail address of every record, the additional ones that HubSpot keeps included.
with

records as (
    select * from {{ ref('int_crm_records') }}
),

additional as (
    {{ split_rows('records', 'record_key', 'additional_emails', ';') }}
),

addresses as (
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
)

select
    record_key,
    email,
    split_part(email, '@', 1) as mailbox,
    split_part(email, '@', 2) as host
from addresses
