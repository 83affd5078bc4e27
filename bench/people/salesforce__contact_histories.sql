select
    '017003' || row_number_of(p, k) as _record_id,
    changed as _modified_at,
    _record_id as Id,
    crm_id('003', p) as ContactId,
    'Status__c' as Field,
    status(k + 5) as OldValue,
    status(k) as NewValue,
    changed as CreatedDate,
    '005000000000001AAA' as CreatedById
from moved()
where in_salesforce(p) and is_contact(p)
