-- What each Lead holds in our fields, as last read.
with

leads as (
    select * from {{ ref('stg_salesforce__leads') }}
),

held as (
    select
        lead_id as record_id,
        modified_at,
        is_deleted,
        is_converted,
        leadcycle_stage as stage,
        leadcycle_stage_pass as stage_pass,
        leadcycle_stage_since as stage_since,
        leadcycle_score as score,
        leadcycle_score_reasons as score_reasons,
        leadcycle_synced_at as synced_at
    from leads
)

select * from held
