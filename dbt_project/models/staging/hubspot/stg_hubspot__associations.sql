-- Associations as they were when last read, of records that are not archived.
{%- set parents = {
    'contact': 'contacts', 'deal': 'deals', 'lead': 'leads', 'ticket': 'tickets', 'call': 'calls', 'email': 'emails',
    'meeting': 'meetings', 'note': 'notes', 'task': 'tasks', 'communication': 'communications',
} %}
with

readings as (
    {% for one, many in parents.items() %}
        select
            readings.from_type,
            readings.from_id,
            readings.to_type,
            readings.associations
        from {{ ref('hubspot__' ~ one ~ '_associations') }} as readings
        inner join {{ ref('hubspot__' ~ many) }} as parents on readings.from_id = parents._record_id
        where not readings._is_deleted and not parents._is_deleted
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
