with

touches as (
    select * from {{ ref('int_touches') }}
    where person_id is not null and not is_impossible and occurred_at <= {{ as_of() }}
),

-- Several records of one person in one activity are one activity of theirs.
once_each as (
    select distinct
        touch_id,
        person_id,
        activity_type,
        direction,
        is_human,
        is_meaningful,
        occurred_at,
        occurred_at_is_lower_bound,
        source_system,
        source_record_id,
        label
    from touches
),

counted as (
    select
        *,
        count(*) over (partition by touch_id) as people
    from once_each
),

activities as (
    select
        case when people = 1 then touch_id else touch_id || ':' || person_id end as activity_id,
        person_id,
        activity_type,
        direction,
        is_human,
        is_meaningful,
        occurred_at,
        occurred_at_is_lower_bound,
        source_system,
        source_record_id,
        label
    from counted
)

select * from activities
