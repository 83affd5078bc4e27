-- Every piece of evidence that an account entered a stage of its own, and as long as what makes it a customer.
with

ruled as (
    select
        moves.move_id || ':' || entry_rules.rule_id as stage_event_id,
        moves.account_id,
        moves.source_system,
        entry_rules.stage_key,
        moves.evidence,
        case moves.evidence when 'history' then 1 else 3 end as evidence_rank,
        -- a further sale takes no customer back to the beginning; a loss takes them anywhere
        moves.rule_on = 'opportunity_won' as is_forward_only,
        true as is_of_record,
        moves.rule_on = 'opportunity_won' as brings_back,
        false as is_by_person,
        moves.rule_on = 'opportunity_won' as is_sale,
        moves.occurred_at,
        false as occurred_at_is_lower_bound,
        moves.ended_at as holds_until
    from {{ ref('int_account_moves') }} as moves
    inner join {{ ref('cfg_account_entry_rules') }} as entry_rules on moves.rule_on = entry_rules.rule_on
),

-- Whoever has a stage of customers has bought, also where no opportunity tells of it.
said as (
    select
        stage_values.event_id as stage_event_id,
        stage_values.account_id,
        stage_values.source_system,
        stage_map.stage_key,
        'snapshot' as evidence,
        3 as evidence_rank,
        false as is_forward_only,
        false as is_of_record,
        true as brings_back,
        false as is_by_person,
        true as is_sale,
        stage_values.occurred_at,
        false as occurred_at_is_lower_bound,
        cast(null as {{ instant_type() }}) as holds_until
    from {{ ref('int_account_stage_values') }} as stage_values
    inner join {{ ref('cfg_account_stage_map') }} as stage_map
        on
            stage_values.source_system = stage_map.source_system
            and stage_values.object_name = stage_map.object_name
            and stage_values.field_name = stage_map.field_name
            and stage_values.field_value = stage_map.field_value
    where stage_map.stage_key <> 'ignore'
)

select * from ruled
union all
select * from said
