with

source as (
    select * from {{ ref('salesforce__cases') }}
),

renamed as (
    select
        -- ids
        _record_id as case_id,
        ContactId as contact_id,
        AccountId as account_id,
        OwnerId as owner_id,
        MasterRecordId as merged_into_id,

        -- strings
        CaseNumber as case_number,
        nullif(trim(Status), '') as status,
        nullif(trim(Priority), '') as priority,
        nullif(trim(Origin), '') as channel,
        nullif(trim(Type), '') as case_type,

        -- booleans
        coalesce(IsClosed, false) as is_closed,
        _is_deleted as is_deleted,

        -- timestamps
        ClosedDate as closed_at,
        coalesce(CreatedDate, _modified_at) as created_at,
        _modified_at as modified_at
    from source
)

select * from renamed
