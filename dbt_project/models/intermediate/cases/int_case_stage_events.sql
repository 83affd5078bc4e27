{{ config(tags=['imported']) }}
-- Every piece of evidence that a case entered a stage, in the engine's shape.
with

case_values as (
    select * from {{ ref('int_case_values') }}
),

meanings as (
    select * from {{ ref('int_case_stage_names') }}
),

events as (
    select
        case_values.value_key as stage_event_id,
        case_values.case_id,
        case_values.source_system,
        meanings.stage_key,
        case_values.evidence,
        case case_values.evidence when 'history' then 1 else 3 end as evidence_rank,
        false as is_forward_only,
        {{ 'false' if history_option('stages') == 'rules' else 'true' }} as is_of_record,
        true as brings_back,
        true as is_by_person,
        case_values.place,
        case_values.occurred_at,
        false as occurred_at_is_lower_bound
    from case_values
    inner join meanings
        on
            case_values.source_system = meanings.source_system
            and case_values.stage_name = meanings.stage_name
    where
        meanings.stage_key is not null
        -- a word of the rules; a file may have a stage of that name
        and ({{ history_option('stages') == 'file' }} or meanings.stage_key <> 'ignore')
)

select * from events
