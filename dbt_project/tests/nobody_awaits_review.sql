{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'identity_reviews'}}}) }}

-- Records tied to one another that may be several people: somebody has to decide in identity.csv.
select
    reason,
    count(*) as people
from {{ ref('identity_reviews') }}
group by reason
