{{ config(tags=['imported']) }}

-- A case's stays follow one another without gap or overlap, the last one open; no pass is left out.
with

followed as (
    select
        case_id,
        stint_number,
        stage_key,
        pass_number,
        entered_at,
        exited_at,
        exit_type,
        lead(entered_at) over (partition by case_id order by stint_number) as next_entered_at,
        row_number() over (partition by case_id order by entered_at, stint_number) as place,
        row_number() over (partition by case_id, stage_key order by stint_number) as stage_place
    from {{ ref('case_stints') }}
)

select * from followed
where
    stint_number <> place
    or pass_number <> stage_place
    or exited_at < entered_at
    or (next_entered_at is null and (exited_at is not null or exit_type <> 'open'))
    or (next_entered_at is not null and (exited_at is null or exited_at <> next_entered_at))
