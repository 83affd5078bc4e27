select
    '00T' || row_number_of(p, k) as _record_id,
    happened as _modified_at,
    _record_id as Id,
    who_id(p) as WhoId,
    'Call' as Subject,
    'Completed' as Status,
    one_of(p, 400 + k, ['Call', 'Email']) as TaskSubtype,
    happened as CompletedDateTime,
    happened as CreatedDate,
    happened as SystemModstamp
from happened(12)
where in_salesforce(p)
