/*
Ways to reach a person that are theirs alone: mobile numbers and chat ids. A number written in two
ways is one number. What records with several addresses share belongs to a desk, not to a person,
unless all of them bear the same name; and so does what a company calls its own.
*/
with

records as (
    select
        record_key,
        email,
        chat_id,
        lower(trim(first_name)) || ' ' || lower(trim(last_name)) as full_name
    from {{ ref('int_crm_records') }}
),

numbers as (
    select * from {{ ref('int_record_numbers') }}
),

switchboards as (
    select distinct number
    from numbers
    where number_kind = 'company'
),

channels as (
    select
        record_key,
        'mobile' as channel_kind,
        number as channel_value
    from numbers
    where number_kind = 'mobile'
    union all
    select
        record_key,
        'chat' as channel_kind,
        trim(chat_id) as channel_value
    from records
    where trim(chat_id) <> ''
),

holders as (
    select
        channels.channel_kind,
        channels.channel_value,
        count(distinct records.email) as addresses,
        count(records.full_name) = count(*) and count(distinct records.full_name) = 1 as has_one_name
    from channels
    inner join records on channels.record_key = records.record_key
    group by channels.channel_kind, channels.channel_value
),

judged as (
    select
        channels.record_key,
        channels.channel_kind,
        channels.channel_value,
        (holders.addresses > 1 and not holders.has_one_name)
        or (channels.channel_kind = 'mobile' and switchboards.number is not null) as is_shared
    from channels
    inner join holders
        on
            channels.channel_kind = holders.channel_kind
            and channels.channel_value = holders.channel_value
    left join switchboards on channels.channel_value = switchboards.number
)

select * from judged
