{{ config(meta={'dagster': {'ref': {'name': 'stage_stints'}}}) }}

-- A stay ends where the next begins: no gap, no overlap, no end before the beginning.
with

followed as (
    select
        person_id,
        stint_number,
        entered_at,
        exited_at,
        lead(entered_at) over (partition by person_id order by stint_number) as next_entered_at
    from {{ ref('stage_stints') }}
)

select * from followed
where
    exited_at < entered_at
    or (next_entered_at is not null and (exited_at is null or exited_at <> next_entered_at))
