/*
Ways to reach a person that are theirs alone: mobile numbers and chat ids. A number written in two
ways is one number. What records with several addresses share belongs to a desk, not to a person,
unless all of them bear the same name.
*/
with

records as (
    select * from {{ ref('int_crm_records') }}
),

channels as (
    select
        record_key,
        email,
        lower(trim(first_name)) || ' ' || lower(trim(last_name)) as full_name,
        'mobile' as channel_kind,
        {{ phone_digits('mobile_phone') }} as channel_value
    from records
    union all
    select
        record_key,
        email,
        lower(trim(first_name)) || ' ' || lower(trim(last_name)) as full_name,
        'chat' as channel_kind,
        nullif(trim(chat_id), '') as channel_value
    from records
),

known as (
    select * from channels
    where channel_value is not null
),

holders as (
    select
        channel_kind,
        channel_value,
        count(distinct email) as addresses,
        count(full_name) = count(*) and count(distinct full_name) = 1 as has_one_name
    from known
    group by channel_kind, channel_value
),

judged as (
    select
        known.record_key,
        known.channel_kind,
        known.channel_value,
        holders.addresses > 1 and not holders.has_one_name as is_shared
    from known
    inner join holders
        on
            known.channel_kind = holders.channel_kind
            and known.channel_value = holders.channel_value
)

select * from judged
