-- What each living Contact should hold: a converted Lead's person goes on as one.
with

records as (
    select * from {{ ref('int_person_records') }}
    where source_system = 'salesforce' and object_name = 'contact' and not is_deleted
),

{{ desired_state() }}

select * from desired
