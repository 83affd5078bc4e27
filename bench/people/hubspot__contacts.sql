select
    contact_id(p) as _record_id,
    stamp(p) as _modified_at,
    _record_id as hs_object_id,
    email_of(p) as email,
    first_name(p) as firstname,
    last_name(p) as lastname,
    title_of(p) as jobtitle,
    company_of(p) as company,
    '150' as numemployees,
    'US' as country,
    lifecycle(moves(p)) as lifecyclestage,
    'ORGANIC_SEARCH' as hs_analytics_source,
    moment(born(p), 60) as createdate,
    stamp(p) as lastmodifieddate
from people
where in_hubspot(p)
