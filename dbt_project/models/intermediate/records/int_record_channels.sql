/*
Ways to reach a person that are theirs alone: mobile numbers and chat ids. A number written in two
ways is one number. What records with several addresses share belongs to a desk, not to a person,
unless all of them bear the same name. So does a mobile number under names that contradict each other,
or under more names than a person has records; a chat id does not, for people chat under any name.
What a company calls its own is nobody's.
*/
with

limits as (
    select * from {{ ref('cfg_identity_limits') }}
),

records as (
    select
        record_key,
        email,
        first_name,
        last_name,
        chat_id
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

-- What one record alone has needs no name to tell whose it is.
several as (
    select
        channel_kind,
        channel_value
    from channels
    group by channel_kind, channel_value
    having count(*) > 1
),

named as (
    select
        channels.channel_kind,
        channels.channel_value,
        records.email,
        {{ name_words('records.first_name') }} as first_words,
        {{ name_words('records.last_name') }} as last_words
    from channels
    inner join several
        on channels.channel_kind = several.channel_kind and channels.channel_value = several.channel_value
    inner join records on channels.record_key = records.record_key
),

held as (
    select
        *,
        coalesce(first_words, '') || '/' || coalesce(last_words, '') as name_key,
        least(first_words, last_words) || greatest(first_words, last_words) as full_name
    from named
),

holders as (
    select
        channel_kind,
        channel_value,
        count(distinct email) as addresses,
        count(distinct nullif(name_key, '/')) as spellings,
        count(first_words || last_words) = count(*) and count(distinct full_name) = 1 as has_one_name
    from held
    group by channel_kind, channel_value
),

names as (
    select distinct
        held.channel_value,
        held.first_words,
        held.last_words,
        held.name_key
    from held
    inner join holders
        on
            held.channel_kind = holders.channel_kind
            and held.channel_value = holders.channel_value
    cross join limits
    where
        held.channel_kind = 'mobile'
        and held.name_key <> '/'
        and holders.spellings between 2 and limits.max_records
),

contradicted as (
    select distinct one.channel_value
    from names as one
    inner join names as other
        on
            one.channel_value = other.channel_value
            and one.name_key < other.name_key
    where not {{ names_fit('one.first_words', 'one.last_words', 'other.first_words', 'other.last_words') }}
),

judged as (
    select
        channels.record_key,
        channels.channel_kind,
        channels.channel_value,
        coalesce(holders.addresses > 1 and not holders.has_one_name, false)
        or (
            channels.channel_kind = 'mobile'
            and (
                coalesce(holders.spellings > limits.max_records, false)
                or contradicted.channel_value is not null
                or switchboards.number is not null
            )
        ) as is_shared
    from channels
    left join holders
        on
            channels.channel_kind = holders.channel_kind
            and channels.channel_value = holders.channel_value
    cross join limits
    left join contradicted on channels.channel_value = contradicted.channel_value
    left join switchboards on channels.channel_value = switchboards.number
)

select * from judged
