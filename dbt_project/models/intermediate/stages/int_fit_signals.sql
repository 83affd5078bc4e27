{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- How many points of fit each person had, and since when: today's, with what the CRMs tell of changes undone.
with

rules as (
    select * from {{ ref('cfg_score_rules') }}
    where kind = 'fit'
),

traits as (
    select * from {{ of_touched_people(ref('int_fit_traits')) }}
),

followed as (
    select distinct
        person_id,
        field_name
    from traits
),

numbered as (
    select
        *,
        case when field_name = 'employees' then cast({{ decimal_or_null('field_text') }} as double) end as field_number
    from traits
),

trait_hits as (
    select distinct
        numbered.person_id,
        numbered.field_name,
        numbered.valid_from,
        rules.rule_id,
        rules.points
    from numbered
    inner join rules on numbered.field_name = rules.field_name
    inner join {{ ref('cfg_score_rule_values') }} as rule_values on rules.rule_id = rule_values.rule_id
    where {{ score_rule_fits('numbered.field_text', 'numbered.field_number', 'rules', 'rule_values') }}
),

trait_points as (
    select
        traits.person_id,
        traits.field_name,
        traits.valid_from,
        coalesce(sum(trait_hits.points), 0) as points
    from traits
    left join trait_hits
        on
            traits.person_id = trait_hits.person_id
            and traits.field_name = trait_hits.field_name
            and traits.valid_from = trait_hits.valid_from
    group by traits.person_id, traits.field_name, traits.valid_from
),

gains as (
    select
        person_id,
        valid_from as signalled_at,
        points - coalesce(lag(points) over (partition by person_id, field_name order by valid_from), 0) as gain
    from trait_points
    union all
    select
        hits.person_id,
        {{ instant('1970-01-01T00:00:00Z') }} as signalled_at,
        rules.points as gain
    from {{ of_touched_people(ref('int_fit_hits')) }} as hits
    inner join rules on hits.rule_id = rules.rule_id
    left join followed on hits.person_id = followed.person_id and rules.field_name = followed.field_name
    where followed.person_id is null
),

summed as (
    select
        person_id,
        signalled_at,
        sum(gain) as gain
    from gains
    group by person_id, signalled_at
)

select
    person_id,
    signalled_at,
    sum(gain) over (
        partition by person_id order by signalled_at
        rows between unbounded preceding and current row
    ) as points
from summed
