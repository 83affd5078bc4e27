select
    crm_id('003', p) as _record_id,
    stamp(p) as _modified_at,
    _record_id as Id,
    email_of(p) as Email,
    first_name(p) as FirstName,
    last_name(p) as LastName,
    title_of(p) as Title,
    crm_id('001', p // 20) as AccountId,
    'US' as MailingCountry,
    status(moves(p)) as Status__c,
    moment(born(p), 0) as CreatedDate,
    stamp(p) as SystemModstamp
from people
where in_salesforce(p) and is_contact(p)
