{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'account_roles'}}}) }}

-- A contact role or buying role that personas.csv does not know: nobody knows which side it is on.
select
    account_id,
    person_id
from {{ ref('account_roles') }}
where role = 'other'
