-- What each HubSpot contact holds in our properties, as last read.
with

contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
),

held as (
    select
        contact_id as record_id,
        modified_at,
        is_deleted,
        false as is_converted,
        leadcycle_stage as stage,
        leadcycle_stage_pass as stage_pass,
        leadcycle_stage_since as stage_since,
        leadcycle_score as score,
        leadcycle_score_reasons as score_reasons,
        leadcycle_synced_at as synced_at
    from contacts
)

select * from held
