{{ config(materialized='incremental', incremental_strategy='recomputed', unique_key='touch_id') }}
-- Forms that somebody submitted, by e-mail address, before anybody asks whose that is.
select
    'form:' || conversion_id as touch_id,
    'form_submission' as object_name,
    conversion_id as source_record_id,
    email,
    'form_submission' as activity_type,
    'inbound' as direction,
    true as is_meaningful,
    submitted_at as occurred_at,
    form_name as label,
    1 as record_count,
    false as occurred_at_is_lower_bound,
    'hubspot' as source_system,
    true as is_human
from {{ of_changed_touches(ref('stg_hubspot__form_submissions'), "'form:' || conversion_id") }}
where not is_deleted
