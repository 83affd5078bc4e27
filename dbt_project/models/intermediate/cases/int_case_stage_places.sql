{{ config(tags=['imported']) }}
/*
The order of a file's stages where nobody says it. Of two stages the one that more cases reach first
precedes the other. A stage's place follows from how many stages it precedes, less how many precede
it; then from the average number of stages that its cases had reached before it, and its name. Cases
that skip stages or come back to them later say nothing wrong: only first times are compared.
*/
with

case_values as (
    select * from {{ ref('int_case_values') }}
),

ordered as (
    select
        case_id,
        stage_name,
        row_number() over (partition by case_id order by occurred_at, evidence, place, value_key) as value_number
    from case_values
),

first_times as (
    select
        case_id,
        stage_name,
        min(value_number) as first_number
    from ordered
    group by case_id, stage_name
),

reached as (
    select
        first_times.*,
        row_number() over (partition by case_id order by first_number) as reached_number
    from first_times
),

pairs as (
    select
        reached.stage_name,
        others.stage_name as other_stage_name,
        sum(case when reached.first_number < others.first_number then 1 else -1 end) as cases_ahead
    from reached
    inner join reached as others
        on
            reached.case_id = others.case_id
            and reached.stage_name <> others.stage_name
    group by reached.stage_name, others.stage_name
),

won as (
    select
        stage_name,
        sum(case when cases_ahead > 0 then 1 when cases_ahead < 0 then -1 else 0 end) as stages_ahead
    from pairs
    group by stage_name
),

averages as (
    select
        stage_name,
        count(*) as cases,
        cast(sum(reached_number) as double) / count(*) as average_place
    from reached
    group by stage_name
),

in_order as (
    {{ stages_in_order() }}
),

places as (
    select
        averages.stage_name,
        averages.cases,
        averages.average_place,
        coalesce(won.stages_ahead, 0) as stages_ahead,
        row_number() over (
            order by
                case when in_order.place is null then 1 else 0 end,
                coalesce(in_order.place, 0),
                -coalesce(won.stages_ahead, 0),
                averages.average_place,
                averages.stage_name
        ) as stage_rank
    from averages
    left join won on averages.stage_name = won.stage_name
    left join in_order on averages.stage_name = in_order.stage_name
)

select * from places
