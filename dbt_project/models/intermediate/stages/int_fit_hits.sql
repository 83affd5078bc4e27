{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='person_id') }}
-- Which fit rules each person meets: once each, however many alternatives match.
with

people as (
    select * from {{ of_touched_people(ref('int_people')) }}
),

rules as (
    select * from {{ ref('cfg_score_rules') }}
    where kind = 'fit'
),

rule_values as (
    select * from {{ ref('cfg_score_rule_values') }}
),

traits as (
    select
        person_id,
        'title' as field_name,
        title as field_text,
        cast(null as double) as field_number
    from people
    union all
    select
        person_id,
        'company' as field_name,
        company as field_text,
        null as field_number
    from people
    union all
    select
        person_id,
        'country' as field_name,
        country as field_text,
        null as field_number
    from people
    union all
    select
        person_id,
        'industry' as field_name,
        industry as field_text,
        null as field_number
    from people
    union all
    select
        person_id,
        'channel' as field_name,
        channel as field_text,
        null as field_number
    from people
    union all
    select
        person_id,
        'employees' as field_name,
        cast(employees as string) as field_text,
        employees as field_number
    from people
),

hits as (
    select distinct
        traits.person_id,
        rules.rule_id
    from traits
    inner join rules on traits.field_name = rules.field_name
    inner join rule_values on rules.rule_id = rule_values.rule_id
    where {{ score_rule_fits('traits.field_text', 'traits.field_number', 'rules', 'rule_values') }}
)

select * from hits
