-- Whose an address is. A role address can stand on records of several people: its first holder gets what comes from it.
with

holders as (
    select
        emails.email,
        records.person_id,
        row_number() over (partition by emails.email order by records.record_number) as holder_number
    from {{ ref('int_record_emails') }} as emails
    inner join {{ ref('int_person_records') }} as records on emails.record_key = records.record_key
)

select
    email,
    person_id
from holders
where holder_number = 1
