with

source as (
    select * from {{ ref('leadcycle__receipts') }}
),

renamed as (
    select
        -- ids
        cast(receipt_id as bigint) as receipt_id,
        cast(plan_id as string) as plan_id,
        record_id,

        -- strings
        crm as source_system,
        object_name,
        field_name,
        value as written_value,
        state,
        code,

        -- timestamps: the instant that the run computed at
        as_of as decided_at
    from source
)

select * from renamed
