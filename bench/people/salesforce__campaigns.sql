select
    crm_id('701', p) as _record_id,
    moment(0, 0) as _modified_at,
    _record_id as Id,
    'Campaign ' || p as Name,
    moment(0, 0) as CreatedDate,
    moment(0, 0) as SystemModstamp
from people
where p < 200 and news() is null
