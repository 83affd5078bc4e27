select
    crm_id('006', p) as _record_id,
    stamp(p) as _modified_at,
    _record_id as Id,
    crm_id('001', firm(p)) as AccountId,
    company_of(p) || ': licence' as Name,
    sales_stage(p, sales_moves(p)) as StageName,
    amount(p, sales_moves(p)) as Amount,
    'USD' as CurrencyIsoCode,
    (opened(p) + interval 90 days)::date as CloseDate,
    sales_moves(p) = 3 as IsClosed,
    sales_moves(p) = 3 and StageName = 'Closed Won' as IsWon,
    opened(p) as CreatedDate,
    stamp(p) as LastStageChangeDate,
    stamp(p) as SystemModstamp
from people
where is_sold_to(p)
