select
    contact_id(p) || ':lifecyclestage:' || epoch_ms(changed) || ':0' as _record_id,
    changed as _modified_at,
    contact_id(p) as contact_id,
    'lifecyclestage' as property,
    lifecycle(k) as value,
    changed as changed_at,
    one_of(p, 60 + k, ['CRM_UI', 'AUTOMATION_PLATFORM']) as source_type
from moved()
where in_hubspot(p)
