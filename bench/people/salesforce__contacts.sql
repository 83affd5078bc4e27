select
    crm_id('003', p) as _record_id,
    stamp(p) as _modified_at,
    _record_id as Id,
    salesforce_email(p) as Email,
    phone_of(p) as Phone,
    mobile_in_salesforce(p) as MobilePhone,
    chat_of(p) as WeChat_ID__c,
    first_name(p) as FirstName,
    last_name(p) as LastName,
    title_of(p) as Title,
    crm_id('001', firm(p)) as AccountId,
    'US' as MailingCountry,
    status(moves(p)) as Status__c,
    moment(born(p), 0) as CreatedDate,
    stamp(p) as SystemModstamp
from people
where in_salesforce(p) and is_contact(p)
