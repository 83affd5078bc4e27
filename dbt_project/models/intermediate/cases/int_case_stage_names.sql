{{ config(tags=['imported']) }}
-- What each name of a stage in the file means: a stage of its own, or one of the company's rules.
with

stages as (
    select * from {{ ref('cfg_stages') }}
),

named as (
    select distinct
        source_system,
        stage_name
    from {{ ref('int_case_values') }}
),

mapped as (
    select
        source_system,
        field_value as stage_name,
        min(stage_key) as stage_key
    from {{ ref('cfg_stage_map') }}
    group by source_system, field_value
    -- a value that means one thing in one field and another in the next means nothing here
    having count(distinct stage_key) = 1
),

by_its_name as (
    select
        named.stage_name,
        min(stages.stage_key) as stage_key
    from named
    inner join stages
        on
            lower(named.stage_name) = lower(stages.stage_key)
            or lower(named.stage_name) = lower(stages.stage_label)
    group by named.stage_name
),

by_rules as (
    select
        named.source_system,
        named.stage_name,
        coalesce(mapped.stage_key, by_its_name.stage_key) as stage_key
    from named
    left join mapped
        on
            named.source_system = mapped.source_system
            and named.stage_name = mapped.stage_name
    left join by_its_name on named.stage_name = by_its_name.stage_name
),

by_file as (
    select
        source_system,
        stage_name,
        stage_name as stage_key
    from named
),

chosen as (
    select * from by_rules
    where {{ history_option('stages') == 'rules' }}
    union all
    select * from by_file
    where {{ history_option('stages') == 'file' }}
)

select * from chosen
