select
    '00v' || row_number_of(p, k) as _record_id,
    happened as _modified_at,
    _record_id as Id,
    crm_id('701', pick(p, 500 + k, 200)) as CampaignId,
    if(is_lead(p), who_id(p), null) as LeadId,
    if(is_contact(p), who_id(p), null) as ContactId,
    'Responded' as Status,
    pick(p, 510 + k, 2) = 0 as HasResponded,
    cast(happened as date) as FirstRespondedDate,
    happened as CreatedDate,
    happened as SystemModstamp
from happened(6)
where in_salesforce(p)
