-- Associations that hold: those of the reading in which their record was last read.
{%- set parents = {
    'contact': 'contacts', 'deal': 'deals', 'call': 'calls', 'email': 'emails',
    'meeting': 'meetings', 'note': 'notes', 'task': 'tasks',
} %}
with

parents as (
    {% for one, many in parents.items() %}
        select
            '{{ many }}' as object_type,
            _record_id as object_id,
            _modified_at
        from {{ ref('hubspot__' ~ many) }}
        where not _is_deleted
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

readings as (
    {% for one in parents %}
        select
            from_type,
            from_id,
            to_type,
            to_id,
            cast(type_id as integer) as type_id,
            label,
            _modified_at
        from {{ ref('hubspot__' ~ one ~ '_associations') }}
        where not _is_deleted
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

holding as (
    select
        readings.from_type,
        readings.from_id,
        readings.to_type,
        readings.to_id,
        readings.type_id,
        readings.label
    from readings
    inner join parents
        on
            readings.from_type = parents.object_type
            and readings.from_id = parents.object_id
            and readings._modified_at = parents._modified_at
)

select * from holding
