-- Which evidence moves an account through its own stages: what is lost before anything was sold moves none.
with

events as (
    select distinct stage_events.*
    from {{ ref('int_account_stage_events') }} as stage_events
    inner join {{ ref('int_account_sales') }} as sales
        on
            stage_events.account_id = sales.account_id
            and stage_events.occurred_at >= sales.sold_from
            and (sales.sold_until is null or stage_events.occurred_at < sales.sold_until)
),

-- What comes after the sale is the way on.
stages as (
    select
        stage_key,
        stage_rank,
        case path_type when 'detour' then 'detour' else 'success' end as path_type,
        authority,
        is_decision,
        may_return
    from {{ ref('cfg_account_stages') }}
),

first_seen_in_system as (
    select
        xref.account_id,
        records.source_system,
        min(records.created_at) as seen_at
    from {{ ref('int_account_records') }} as records
    inner join {{ ref('int_account_xref') }} as xref on records.account_key = xref.account_key
    group by xref.account_id, records.source_system
),

{{ arbitrated_events(
    'account_id',
    in_order="date_trunc('second', events.occurred_at), stages.stage_rank, events.evidence_rank, events.stage_event_id"
) }}

select * from accepted
