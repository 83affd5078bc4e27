{{ config(tags=['imported']) }}
with

rows_told as (
    select * from {{ ref('stg_imported__unusable_rows') }}
)

select * from rows_told
