{#- The CTEs from `records` to `desired`: our own fields, the same in every CRM. CRMs keep whole seconds. -#}
{% macro desired_state() -%}
lifecycles as (
    select * from {{ ref('person_lifecycles') }}
),

scores as (
    select * from {{ ref('person_scores') }}
),

desired as (
    select
        records.record_id,
        records.person_id,
        lifecycles.stage_label as stage,
        lifecycles.stage_pass_label as stage_pass,
        date_trunc('second', lifecycles.entered_at) as stage_since,
        scores.score,
        scores.reasons as score_reasons
    from records
    inner join lifecycles on records.person_id = lifecycles.person_id
    inner join scores on records.person_id = scores.person_id
)
{%- endmacro %}
