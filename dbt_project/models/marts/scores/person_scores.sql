-- The score of each living person with its reasons in one sentence of at most 255 characters.
with

people as (
    select * from {{ ref('people') }}
),

reasons as (
    select * from {{ ref('score_reasons') }}
),

ordered as (
    select
        person_id,
        label
        || case when points_now > 0 then ' +' else ' ' end || cast(points_now as string)
        || coalesce(' (' || cast(cast(occurred_at as date) as string) || ')', '') as words,
        row_number() over (
            partition by person_id
            order by abs(points_now) desc, rule_id asc, score_event_id asc
        ) as place
    from reasons
),

measured as (
    select
        ordered.*,
        sum(length(words) + 2) over (
            partition by person_id order by place rows between unbounded preceding and current row
        ) as length_so_far
    from ordered
),

-- Whole reasons only: 250 characters leave room for the mark that some are left out.
sentences as (
    select
        person_id,
        {{ string_agg('case when length_so_far <= 250 then words end', '; ', 'place') }}
        || max(case when length_so_far > 250 then '; ...' else '' end) as sentence
    from measured
    group by person_id
),

sums as (
    select
        person_id,
        sum(points_now) as score,
        sum(case when kind = 'fit' then points_now else 0 end) as fit,
        sum(case when kind = 'behaviour' then points_now else 0 end) as behaviour,
        sum(case when kind = 'adjustment' then points_now else 0 end) as adjustment
    from reasons
    group by person_id
),

scores as (
    select
        people.person_id,
        cast(coalesce(sums.score, 0) as decimal(18, 2)) as score,
        cast(coalesce(sums.fit, 0) as decimal(18, 2)) as fit,
        cast(coalesce(sums.behaviour, 0) as decimal(18, 2)) as behaviour,
        cast(coalesce(sums.adjustment, 0) as decimal(18, 2)) as adjustment,
        coalesce(sentences.sentence, '') as reasons
    from people
    left join sums on people.person_id = sums.person_id
    left join sentences on people.person_id = sentences.person_id
)

select * from scores
