-- Of two companies, one is linked to its Account; of five, one is known by its name alone.
select
    (9000000 + firm(p))::varchar as _record_id,
    moment(0, 0) as _modified_at,
    _record_id as hs_object_id,
    company_of(p + 1) as name,
    if(firm(p) % 5 = 0, null, 'mail.' || site_of(p)) as domain,
    switchboard(p) as phone,
    'United States' as country,
    if(firm(p) % 2 = 0, crm_id('001', firm(p)), null) as salesforceaccountid,
    moment(0, 60) as createdate,
    moment(0, 60) as hs_lastmodifieddate
from people
where p % 20 = 0 and news() is null
