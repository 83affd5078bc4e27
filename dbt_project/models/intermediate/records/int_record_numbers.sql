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

numbers as (
    select
        written.record_key,
        written.number_kind,
        {{ international_number(
            'written.written_number', 'countries.calling_code', "coalesce(countries.trunk_prefix, '')"
        ) }} as number
    from written
    left join countries on written.country = countries.name
)

select * from numbers
where number is not null
