{#-
    A select of what each record of HubSpot that is not archived was associated with when last read:
    a row for each kind of objects at the other end, with a list of them as JSON.
-#}
{% macro association_readings() -%}
    {%- set parents = {
        'contact': 'contacts', 'deal': 'deals', 'lead': 'leads', 'ticket': 'tickets', 'call': 'calls', 'email': 'emails',
        'meeting': 'meetings', 'note': 'notes', 'task': 'tasks', 'communication': 'communications',
    } %}
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
{%- endmacro %}
