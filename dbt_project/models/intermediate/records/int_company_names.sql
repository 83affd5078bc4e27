/*
Every company's name as it is written anywhere, and the key to compare it by: without case, punctuation
and the legal forms at its end, so that 'Acme Co., Ltd.' and 'ACME' are one. Each round takes off the
longest form that ends what is left; forms are rows and no pattern, which DuckDB would compile again for
each row: that took 20 s of 70 s at 100,000 people (2026-11-23).
*/
{%- set most_forms = 4 %}
with

forms as (
    select
        case when is_glued then '' else ' ' end || form || ' ' as ending,
        substr(form, length(form), 1) as last_letter
    from {{ ref('cfg_legal_forms') }}
),

written as (
    select company as name from {{ ref('int_crm_records') }}
    union
    select name from {{ ref('stg_salesforce__accounts') }}
    union
    select name from {{ ref('stg_hubspot__companies') }}
),

left_0 as (
    select
        name,
        {{ spaced_words('written.name') }} as words
    from written
    where name is not null
),

{%- for round in range(1, most_forms + 1) %}
    found_{{ round }} as (
        select
            companies.name,
            max(length(forms.ending)) as ending_length
        from left_{{ round - 1 }} as companies
        inner join forms on substr(companies.words, length(companies.words) - 1, 1) = forms.last_letter
        where
            length(companies.words) >= length(forms.ending)
            and substr(companies.words, length(companies.words) - length(forms.ending) + 1) = forms.ending
        group by companies.name
    ),

    left_{{ round }} as {{ computed_once() }} (
        select
            companies.name,
            case
                when found.ending_length is null then companies.words
                else ' ' || trim(substr(companies.words, 1, length(companies.words) - found.ending_length)) || ' '
            end as words
        from left_{{ round - 1 }} as companies
        left join found_{{ round }} as found on companies.name = found.name
    ),
{%- endfor %}

keyed as (
    select
        name,
        nullif(trim(words), '') as name_key
    from left_{{ most_forms }}
)

select * from keyed
