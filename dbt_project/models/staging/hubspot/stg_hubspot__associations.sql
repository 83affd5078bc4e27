-- Associations as they were when last read, of records that are not archived.
with

readings as (
    {{ association_readings() }}
),

holding as (
    {{ unnest_objects(
        'readings',
        ['from_type', 'from_id', 'to_type'],
        'associations',
        {'to_id': 'varchar', 'type_id': 'integer', 'label': 'varchar'},
    ) }}
)

select * from holding
