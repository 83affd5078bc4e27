{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stage_anomalies'}}}) }}

-- A change is missing, or one is dated later than it can be: people may have moved without our knowing.
select *
from {{ ref('stage_anomalies') }}
where anomaly in ('chain_break', 'future_date')
