-- What each living Lead should hold. Converted Leads can't be written: Salesforce keeps them as they were.
with

records as (
    select * from {{ ref('int_person_records') }}
    where source_system = 'salesforce' and object_name = 'lead' and not is_deleted and not is_converted
),

{{ desired_state() }}

select * from desired
