with

people as (
    select * from {{ ref('int_people') }}
    where not is_deleted
),

-- The account that the best rule names, over all records of the person.
placed as (
    select
        records.person_id,
        accounts.account_id,
        row_number() over (
            partition by records.person_id
            order by accounts.rule_rank asc, records.record_number desc
        ) as preference
    from {{ ref('int_record_accounts') }} as accounts
    inner join {{ ref('int_person_records') }} as records on accounts.record_key = records.record_key
    where not records.is_deleted
),

published as (
    select
        people.person_id,
        placed.account_id,
        people.email,
        people.mobile_phone,
        people.chat_id,
        people.full_name,
        people.company,
        people.title,
        people.country,
        people.channel,
        people.owner_id,
        people.systems,
        people.record_count,
        people.first_seen_at,
        people.last_seen_at
    from people
    left join placed
        on
            people.person_id = placed.person_id
            and placed.preference = 1
)

select * from published
