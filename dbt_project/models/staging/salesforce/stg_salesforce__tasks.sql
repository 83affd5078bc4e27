with

source as (
    select * from {{ ref('salesforce__tasks') }}
),

renamed as (
    select
        -- ids
        _record_id as task_id,
        WhoId as lead_or_contact_id,
        OwnerId as owner_id,

        -- strings
        Subject as subject,
        Status as status,
        case
            when lower(TaskSubtype) = 'call' or lower(Type) = 'call' then 'call'
            when lower(TaskSubtype) = 'email' or lower(Type) = 'email' then 'email'
            else 'task'
        end as activity_type,
        case when lower(CallType) = 'inbound' then 'inbound' else 'outbound' end as direction,

        -- booleans
        lower(Status) = 'completed' as is_completed,
        _is_deleted as is_deleted,

        -- dates
        ActivityDate as activity_date,

        -- timestamps
        CompletedDateTime as completed_at,
        CreatedDate as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
