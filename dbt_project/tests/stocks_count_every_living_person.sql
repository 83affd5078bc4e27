{{ config(meta={'dagster': {'ref': {'name': 'stage_stocks'}}}) }}

with

stocks as (
    select sum(people) as people from {{ ref('stage_stocks') }}
),

living as (
    select count(*) as people from {{ ref('people') }}
)

select
    stocks.people as in_stocks,
    living.people as living
from stocks
cross join living
where stocks.people <> living.people
