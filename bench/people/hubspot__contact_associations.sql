-- Seven contacts in ten are associated with their company.
select
    'contacts:' || contact_id(p) || ':companies' as _record_id,
    stamp(p) as _modified_at,
    'contacts' as from_type,
    contact_id(p) as from_id,
    'companies' as to_type,
    '[{"to_id":"' || (9000000 + firm(p)) || '","type_id":1,"label":null}]' as associations
from people
where in_hubspot(p) and pick(p, 34, 10) < 7
