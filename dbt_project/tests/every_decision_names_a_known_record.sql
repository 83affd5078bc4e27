{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_identity_edges'}}}) }}

-- A row of identity.csv about a record that no CRM has (any more) decides nothing.
select named.record_key
from {{ ref('cfg_identity_groups') }} as named
left join {{ ref('int_crm_records') }} as records on named.record_key = records.record_key
where records.record_key is null
