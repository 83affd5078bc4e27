with

source as (
    select * from {{ ref('salesforce__opportunity_field_histories') }}
),

renamed as (
    select
        -- ids
        _record_id as opportunity_field_history_id,
        OpportunityId as opportunity_id,
        CreatedById as changed_by_id,

        -- strings
        Field as field_name,
        nullif(trim(OldValue), '') as old_value,
        nullif(trim(NewValue), '') as new_value,

        -- booleans
        _is_deleted as is_deleted,

        -- timestamps
        CreatedDate as changed_at
    from source
)

select * from renamed
