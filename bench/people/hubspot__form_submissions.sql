select
    'form' || row_number_of(p, k) as _record_id,
    happened as _modified_at,
    _record_id as conversion_id,
    'f1' as form_id,
    one_of(p, 300 + k, ['Demo request', 'Newsletter', 'Whitepaper']) as form_name,
    email_of(p) as email,
    happened as submitted_at
from happened(8)
