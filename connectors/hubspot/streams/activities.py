"""Calls, e-mails, meetings, notes, tasks and messages, with whom and what they belong to."""

from collections.abc import Mapping

from connectors.hubspot.streams.shape import ObjectStream, read_object
from connectors.hubspot.streams.words import IN_ACTIVITIES
from connectors.records import FieldType

ASSOCIATED = ("contacts", "companies", "deals", "tickets", "leads")

_COMMON: Mapping[str, FieldType] = {
    "hs_object_id": "string",
    "hs_timestamp": "datetime",
    "hubspot_owner_id": "string",
    "hs_createdate": "datetime",
    "hs_lastmodifieddate": "datetime",
}


def _read_activity(
    name: str, singular: str, required_fields: Mapping[str, FieldType]
) -> ObjectStream:
    fields = {**_COMMON, **required_fields}
    return read_object(name, singular, fields, associated=ASSOCIATED, left_out=IN_ACTIVITIES)


CALLS = _read_activity(
    "calls",
    "call",
    {
        "hs_call_title": "string",
        "hs_call_direction": "string",
        "hs_call_status": "string",
        "hs_call_disposition": "string",
        "hs_call_duration": "integer",
    },
)
"""`hs_call_duration` counts milliseconds."""

EMAILS = _read_activity(
    "emails",
    "email",
    {
        "hs_email_subject": "string",
        "hs_email_direction": "string",
        "hs_email_status": "string",
    },
)

MEETINGS = _read_activity(
    "meetings",
    "meeting",
    {
        "hs_meeting_title": "string",
        "hs_meeting_outcome": "string",
        "hs_meeting_start_time": "datetime",
        "hs_meeting_end_time": "datetime",
    },
)

NOTES = _read_activity("notes", "note", {})

TASKS = _read_activity(
    "tasks",
    "task",
    {
        "hs_task_subject": "string",
        "hs_task_status": "string",
        "hs_task_type": "string",
        "hs_task_completion_date": "datetime",
    },
)

COMMUNICATIONS = _read_activity(
    "communications", "communication", {"hs_communication_channel_type": "string"}
)
"""Messages by SMS, WhatsApp or LinkedIn."""
