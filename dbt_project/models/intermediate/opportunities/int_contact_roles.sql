-- Who has a role in each of Salesforce's opportunities. A role is deleted with its Contact: it was theirs until then;
-- one that somebody took away was a mistake.
with

roles as (
    select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}
    where contact_id is not null
),

gone as (
    select * from {{ ref('int_crm_records') }}
    where is_deleted
),

settings as (
    select * from {{ ref('cfg_settings') }}
)

select
    'salesforce:opportunity:' || roles.opportunity_id as opportunity_key,
    'salesforce:contact:' || roles.contact_id as record_key,
    roles.role_id,
    roles.role,
    roles.is_primary,
    roles.created_at,
    gone.deleted_at as ended_at
from roles
cross join settings
left join gone
    on
        'salesforce:contact:' || roles.contact_id = gone.record_key
        and roles.is_deleted
        and {{ seconds_between('roles.modified_at', 'gone.deleted_at') }} <= settings.bounce_seconds
where not roles.is_deleted or roles.modified_at > {{ as_of() }} or gone.record_key is not null
