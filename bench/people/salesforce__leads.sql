select
    crm_id('00Q', p) as _record_id,
    stamp(p) as _modified_at,
    is_deleted(p) as _is_deleted,
    _record_id as Id,
    salesforce_email(p) as Email,
    phone_of(p) as Phone,
    mobile_in_salesforce(p) as MobilePhone,
    chat_of(p) as WeChat_ID__c,
    first_name(p) as FirstName,
    last_name(p) as LastName,
    title_of(p) as Title,
    company_of(p) as Company,
    one_of(p, 23, ['Software', 'Retail']) as Industry,
    100 + pick(p, 24, 900) as NumberOfEmployees,
    'Web' as LeadSource,
    'US' as Country,
    status(moves(p)) as Status,
    moment(born(p), 0) as CreatedDate,
    stamp(p) as SystemModstamp,
    false as IsConverted
from people
where in_salesforce(p) and is_lead(p)
