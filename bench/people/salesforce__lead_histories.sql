select
    '01700Q' || row_number_of(p, k) as _record_id,
    changed as _modified_at,
    _record_id as Id,
    crm_id('00Q', p) as LeadId,
    'Status' as Field,
    status(k + 5) as OldValue,
    status(k) as NewValue,
    changed as CreatedDate,
    '005000000000001AAA' as CreatedById
from moved()
where in_salesforce(p) and is_lead(p)
