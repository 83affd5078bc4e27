select
    '01J00000000000' || place || 'AAA' as _record_id,
    moment(0, 0) as _modified_at,
    _record_id as Id,
    stage as ApiName,
    stage as MasterLabel,
    true as IsActive,
    place > 3 as IsClosed,
    place = 4 as IsWon,
    place as SortOrder,
    moment(0, 0) as CreatedDate,
    moment(0, 0) as SystemModstamp
from (
    select
        unnest(['Prospecting', 'Proposal', 'Negotiation', 'Closed Won', 'Closed Lost']) as stage,
        unnest(range(1, 6)) as place
)
where news() is null and exists (select 1 from people where p = 0)
