-- Since when each CRM's stage history has been kept, as far as we can see.
with

stage_values as (
    select * from {{ ref('int_stage_values') }}
),

starts as (
    select
        source_system,
        min(occurred_at) as history_starts_at
    from stage_values
    where evidence = 'history'
    group by source_system
)

select * from starts
