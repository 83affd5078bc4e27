-- Telephone numbers of people's records and of companies, written the same way.
with

countries as (
    select * from {{ ref('cfg_countries') }}
),

written as (
    select
        record_key,
        'mobile' as number_kind,
        mobile_phone as written_number,
        lower(country) as country
    from {{ ref('int_crm_records') }}
    where mobile_phone is not null
    union all
    select
        record_key,
        'phone' as number_kind,
        phone as written_number,
        lower(country) as country
    from {{ ref('int_crm_records') }}
    where phone is not null
    union all
    select
        'salesforce:account:' || account_id as record_key,
        'company' as number_kind,
        phone as written_number,
        lower(country) as country
    from {{ ref('stg_salesforce__accounts') }}
    where phone is not null
    union all
    select
        'hubspot:company:' || company_id as record_key,
        'company' as number_kind,
        phone as written_number,
        lower(country) as country
    from {{ ref('stg_hubspot__companies') }}
    where phone is not null
),

-- Once for each text: patterns cost more than all else here.
texts as (
    select
        *,
        {{ written_digits('written_number') }} as digits
    from written
),

long_enough as (
    select
        {{ all_but(['digits'], 'texts') }},
        {{ phone_digits('texts.digits') }} as digits
    from texts
),

numbers as (
    select
        long_enough.record_key,
        long_enough.number_kind,
        {{ international_number(
            'long_enough.written_number', 'long_enough.digits',
            'countries.calling_code', "coalesce(countries.trunk_prefix, '')"
        ) }} as number
    from long_enough
    left join countries on long_enough.country = countries.name
)

select * from numbers
where number is not null
