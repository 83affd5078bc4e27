select
    crm_id('001', p // 20) as _record_id,
    moment(0, 0) as _modified_at,
    _record_id as Id,
    company_of(p) as Name,
    'https://www.company' || (p // 20) || '.example' as Website,
    'Software' as Industry,
    moment(0, 0) as CreatedDate,
    moment(0, 0) as SystemModstamp
from people
where p % 20 = 0 and news() is null
