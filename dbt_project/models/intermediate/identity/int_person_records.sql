with

records as (
    select * from {{ ref('int_crm_records') }}
),

xref as (
    select * from {{ ref('int_person_xref') }}
),

joined as (
    select
        xref.person_id,
        records.*
    from records
    inner join xref on records.record_key = xref.record_key
)

select * from joined
