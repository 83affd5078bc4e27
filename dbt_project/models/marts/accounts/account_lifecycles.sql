-- Where each account stands now: as far as its people until it buys, then by what is known of it as a customer.
with

stints as (
    select * from {{ ref('account_stints') }}
)

select
    account_id,
    stage_key,
    stage_label,
    stage_rank,
    phase,
    path_type,
    stage_pass,
    stage_pass_label,
    cycle_number,
    entered_at as stage_since,
    days_in_stage
from stints
where exit_type = 'open'
