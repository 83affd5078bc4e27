select
    '7' || row_number_of(p, k) as _record_id,
    happened as _modified_at,
    _record_id as hs_object_id,
    happened as hs_timestamp,
    happened as hs_createdate,
    happened as hs_lastmodifieddate,
    'Hello' as hs_email_subject,
    'SENT' as hs_email_status,
    one_of(p, 600 + k, ['EMAIL', 'INCOMING_EMAIL']) as hs_email_direction
from happened(4)
where in_hubspot(p)
