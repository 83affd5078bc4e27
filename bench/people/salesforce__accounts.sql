select
    crm_id('001', firm(p)) as _record_id,
    moment(0, 0) as _modified_at,
    _record_id as Id,
    company_of(p) as Name,
    'https://www.' || site_of(p) as Website,
    switchboard(p) as Phone,
    'US' as BillingCountry,
    'Software' as Industry,
    moment(0, 0) as CreatedDate,
    moment(0, 0) as SystemModstamp
from people
where p % 20 = 0 and news() is null
