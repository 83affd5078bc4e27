select
    'emails:7' || row_number_of(p, k) || ':contacts' as _record_id,
    happened as _modified_at,
    'emails' as from_type,
    '7' || row_number_of(p, k) as from_id,
    'contacts' as to_type,
    '[{"to_id":"' || contact_id(p) || '","type_id":198,"label":null}]' as associations
from happened(4)
where in_hubspot(p)
