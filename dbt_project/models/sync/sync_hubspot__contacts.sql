-- What each living HubSpot contact should hold.
with

records as (
    select * from {{ ref('int_person_records') }}
    where source_system = 'hubspot' and object_name = 'contact' and not is_deleted
),

{{ desired_state() }}

select * from desired
