select
    '00800K' || row_number_of(p, k) as _record_id,
    changed as _modified_at,
    _record_id as Id,
    crm_id('006', p) as OpportunityId,
    sales_stage(p, k) as StageName,
    amount(p, k) as Amount,
    (opened(p) + interval 90 days)::date as CloseDate,
    changed as CreatedDate,
    '005000000000001AAA' as CreatedById
from (
    select
        p,
        k,
        coalesce(news(), opened(p) + to_days(12 * k)) as changed
    from people, range(4) as steps(k)
    where is_sold_to(p) and (k <= sales_moves(p) and news() is null or k = sales_moves(p))
)
