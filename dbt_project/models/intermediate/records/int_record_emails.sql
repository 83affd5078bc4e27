-- Every address of every record, and what it tells of who somebody is and for whom they work.
with

addresses as (
    select * from {{ ref('int_record_addresses') }}
),

role_addresses as (
    select * from {{ ref('cfg_role_addresses') }}
),

-- What one CRM could not deliver is nobody's address in the other one either.
bounced as (
    select distinct email
    from {{ ref('int_crm_records') }}
    where is_bounced
),

judged as (
    select
        addresses.record_key,
        addresses.email,
        addresses.mailbox,
        web_domains.domain,
        role_addresses.local_part is not null as is_role_address,
        bounced.email is not null as is_bounced,
        role_addresses.local_part is null and bounced.email is null as is_evidence,
        not coalesce(web_domains.is_free_mail, false) as is_corporate
    from addresses
    left join role_addresses on addresses.mailbox = role_addresses.local_part
    left join bounced on addresses.email = bounced.email
    left join {{ ref('int_web_domains') }} as web_domains on addresses.host = web_domains.host
)

select * from judged
