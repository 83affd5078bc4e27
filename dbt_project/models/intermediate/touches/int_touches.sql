{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='touch_id') }}
-- What happened in either CRM, called what the rules call it, before anybody asks who that is.
{%- set known_by = {'int_salesforce_touches': 'record', 'int_hubspot_touches': 'record', 'int_form_touches': 'email'} %}
with

touches as (
    {% for model, known in known_by.items() %}
        select
            touch_id,
            source_system,
            object_name,
            source_record_id,
            {{ 'record_id' if known == 'record' else 'cast(null as string)' }} as record_id,
            {{ 'email' if known == 'email' else 'cast(null as string)' }} as email,
            activity_type,
            direction,
            is_human,
            is_meaningful,
            occurred_at,
            occurred_at_is_lower_bound,
            label,
            record_count
        from {{ of_changed_touches(ref(model)) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A label is looked at once, however many activities bear it.
labels as (
    select distinct
        source_system,
        object_name,
        coalesce(label, '') as label
    from touches
    where activity_type <> 'campaign_scan'
),

-- Several rules may find their words in one label: the one with the most words holds.
matching_rules as (
    select
        labels.source_system,
        labels.object_name,
        labels.label,
        rules.activity_type,
        rules.is_meaningful,
        row_number() over (
            partition by labels.source_system, labels.object_name, labels.label
            order by
                length(coalesce(rules.label_contains, '')) desc, rules.label_contains asc, rules.activity_type asc
        ) as preference
    from labels
    inner join {{ ref('cfg_activity_types') }} as rules
        on
            labels.source_system = rules.source_system
            and labels.object_name = rules.object_name
            and (
                coalesce(rules.label_contains, '') = ''
                or instr(lower(labels.label), rules.label_contains) > 0
            )
),

named as (
    select
        touches.touch_id,
        touches.source_system,
        touches.object_name,
        touches.source_record_id,
        touches.record_id,
        touches.email,
        coalesce(rules.activity_type, touches.activity_type) as activity_type,
        touches.direction,
        touches.is_human,
        coalesce(rules.is_meaningful, touches.is_meaningful) as is_meaningful,
        touches.occurred_at,
        touches.occurred_at_is_lower_bound,
        touches.label,
        touches.record_count
    from touches
    left join matching_rules as rules
        on
            touches.activity_type <> 'campaign_scan'
            and touches.source_system = rules.source_system
            and touches.object_name = rules.object_name
            and coalesce(touches.label, '') = rules.label
            and rules.preference = 1
)

select
    *,
    -- The epoch and other dates before there were CRMs are slips of whoever typed them.
    occurred_at < {{ instant('2000-01-01T00:00:00Z') }} as is_impossible,
    -- Worked out once for each: a fingerprint of everybody is made at each build.
    {{ row_hash('named') }} as inputs_hash
from named
