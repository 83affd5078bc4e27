{{ config(meta={'dagster': {'ref': {'name': 'account_stints'}}}) }}

-- An account's stays follow one another without gap or overlap, the last one open; no pass is left out.
with

followed as (
    select
        account_id,
        stint_number,
        stage_key,
        pass_number,
        entered_at,
        exited_at,
        exit_type,
        lead(entered_at) over (partition by account_id order by stint_number) as next_entered_at,
        lead(stage_key) over (partition by account_id order by stint_number) as next_stage_key,
        row_number() over (partition by account_id order by entered_at, stint_number) as place,
        row_number() over (partition by account_id, stage_key order by stint_number) as stage_place
    from {{ ref('account_stints') }}
)

select * from followed
where
    stint_number <> place
    or pass_number <> stage_place
    or exited_at < entered_at
    or entered_at > {{ as_of() }}
    or stage_key = next_stage_key
    or (next_entered_at is null and (exited_at is not null or exit_type <> 'open'))
    or (next_entered_at is not null and (exited_at is null or exited_at <> next_entered_at))
