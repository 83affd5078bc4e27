-- Where each living person stands now, and where they came from.
with

stints as (
    select * from {{ ref('stage_stints') }}
),

with_previous as (
    select
        stints.*,
        lag(stage_key) over person as previous_stage_key,
        lag(stage_label) over person as previous_stage_label
    from stints
    window person as (partition by person_id order by stint_number)
),

current_stints as (
    select
        person_id,
        stage_key,
        stage_label,
        stage_rank,
        phase,
        pass_number,
        stage_pass,
        stage_pass_label,
        cycle_number,
        entered_at,
        days_in_stage,
        previous_stage_key,
        previous_stage_label
    from with_previous
    where exit_type = 'open'
)

select * from current_stints
