with

source as (
    select * from {{ ref('hubspot__tasks') }}
),

renamed as (
    select
        -- ids
        _record_id as task_id,
        hubspot_owner_id as owner_id,

        -- strings
        upper(hs_task_status) as status,
        nullif(trim(hs_task_subject), '') as label,

        -- booleans
        coalesce(upper(hs_task_status), '') = 'COMPLETED' as is_completed,
        _is_deleted as is_deleted,

        -- timestamps
        coalesce(hs_task_completion_date, hs_timestamp, hs_createdate, _modified_at) as occurred_at,
        coalesce(hs_createdate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
