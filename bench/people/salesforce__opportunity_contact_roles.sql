select
    crm_id('00K', p) as _record_id,
    opened(p) as _modified_at,
    _record_id as Id,
    crm_id('006', p) as OpportunityId,
    who_id(p) as ContactId,
    one_of(p, 47, ['Decision Maker', 'Evaluator', 'Business User']) as Role,
    true as IsPrimary,
    opened(p) as CreatedDate,
    opened(p) as SystemModstamp
from people
where is_sold_to(p) and news() is null
