-- One row for each uninterrupted stay of a person in a stage: [entered_at, exited_at).
with

entries as (
    select * from {{ ref('int_stage_entries') }}
),

stages as (
    select * from {{ ref('cfg_stages') }}
),

history_starts as (
    select * from {{ ref('int_history_starts') }}
),

deletions as (
    select
        person_id,
        max(deleted_at) as deleted_at
    from {{ ref('int_person_records') }}
    group by person_id
    having count(*) = count(deleted_at)
),

described as (
    select
        entries.*,
        stages.stage_label,
        stages.pass_name,
        stages.stage_rank,
        stages.phase,
        stages.path_type,
        stages.ends_cycle,
        row_number() over person as stint_number,
        row_number() over (partition by entries.person_id, entries.stage_key order by entries.event_number)
            as pass_number,
        count(*) over (partition by entries.person_id, entries.stage_key) as passes,
        coalesce(
            entries.evidence = 'inferred_initial' and entries.entered_at < history_starts.history_starts_at,
            entries.evidence = 'inferred_initial'
        ) as entered_at_is_lower_bound
    from entries
    inner join stages on entries.stage_key = stages.stage_key
    left join history_starts on entries.source_system = history_starts.source_system
    window person as (partition by entries.person_id order by entries.event_number)
),

labelled as (
    select
        described.*,
        {{ numbered_pass("replace(stage_key, '_', '-')", 'pass_number') }} as stage_pass,
        {{ numbered_pass('pass_name', 'pass_number') }} as stage_pass_label,
        1 + coalesce(
            sum(case when ends_cycle then 1 else 0 end) over (
                partition by person_id order by stint_number
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as cycle_number
    from described
),

followed as (
    select
        labelled.*,
        lead(stage_key) over person as next_stage_key,
        lead(stage_pass) over person as next_stage_pass,
        lead(stage_rank) over person as next_stage_rank,
        lead(path_type) over person as next_path_type,
        lead(entered_at) over person as next_entered_at
    from labelled
    window person as (partition by person_id order by stint_number)
),

ended as (
    select
        followed.*,
        case
            when followed.next_entered_at is not null then followed.next_entered_at
            when deletions.deleted_at is not null then greatest(deletions.deleted_at, followed.entered_at)
        end as exited_at,
        case
            when followed.next_stage_key is null and deletions.deleted_at is null then 'open'
            when followed.next_stage_key is null then 'deleted'
            when followed.next_path_type = 'detour' then 'recycle'
            when followed.path_type = 'detour' then 'reenter'
            when followed.next_stage_rank > followed.stage_rank then 'advance'
            else 'regress'
        end as exit_type
    from followed
    left join deletions
        on
            followed.person_id = deletions.person_id
            and followed.next_stage_key is null
),

stints as (
    select
        person_id,
        cast(stint_number as integer) as stint_number,
        stage_key,
        stage_label,
        stage_rank,
        phase,
        path_type,
        cast(pass_number as integer) as pass_number,
        stage_pass,
        stage_pass_label,
        pass_number = passes as is_last_pass,
        cast(cycle_number as integer) as cycle_number,
        entered_at,
        exited_at,
        exit_type,
        next_stage_key,
        next_stage_pass,
        case when exit_type = 'advance' then next_stage_rank - stage_rank - 1 else 0 end as stages_skipped,
        evidence,
        source_system,
        entered_at_is_lower_bound,
        {{ days_between('entered_at', 'coalesce(exited_at, ' ~ as_of() ~ ')') }} as days_in_stage
    from ended
)

select * from stints
