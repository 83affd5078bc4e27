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
        lower(field_value) as folded_name,
        min(stage_key) as stage_key,
        count(distinct stage_key) as meanings
    from {{ ref('cfg_stage_map') }}
    group by source_system, lower(field_value)
),

by_its_name as (
    select
        named.stage_name,
        min(stages.stage_key) as stage_key,
        count(distinct stages.stage_key) as meanings
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
        -- What the map knows is not looked up again; what means two things means nothing here.
        case
            when mapped.meanings = 1 then mapped.stage_key
            when mapped.meanings is null and by_its_name.meanings = 1 then by_its_name.stage_key
        end as stage_key
    from named
    left join mapped
        on
            named.source_system = mapped.source_system
            and lower(named.stage_name) = mapped.folded_name
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
