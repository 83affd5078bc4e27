{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'unmapped_values'}}}) }}

-- A value that stage_map.csv does not know moves nobody: somebody has to map it, or to ignore it.
select
    source_system,
    object_name,
    field_name,
    field_value
from {{ ref('unmapped_values') }}
