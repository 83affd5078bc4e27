{{ config(materialized='table') }}
-- Rows of base that came since the state that the tables stand at: of streams that activities are made of.
{%- set streams = {
    'salesforce__leads': none, 'salesforce__contacts': none, 'salesforce__campaigns': none,
    'salesforce__campaign_members': 'member', 'salesforce__tasks': 'task', 'salesforce__events': 'event',
    'hubspot__calls': 'hubspot-call', 'hubspot__call_associations': 'hubspot-call',
    'hubspot__emails': 'hubspot-email', 'hubspot__email_associations': 'hubspot-email',
    'hubspot__meetings': 'hubspot-meeting', 'hubspot__meeting_associations': 'hubspot-meeting',
    'hubspot__notes': 'hubspot-note', 'hubspot__note_associations': 'hubspot-note',
    'hubspot__tasks': 'hubspot-task', 'hubspot__task_associations': 'hubspot-task',
    'hubspot__form_submissions': 'form',
} %}
with

news as (
    {% for stream, kind in streams.items() %}
        select
            '{{ stream }}' as stream,
            {{ 'from_id' if stream.endswith('_associations') else '_record_id' }} as row_id,
            {{ "'" ~ kind ~ "'" if kind else 'cast(null as string)' }} as touch_kind
        from {{ ref(stream) }}
        where _load_id > {{ standing_load(stream) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from news
