"""Calls, e-mails, meetings, notes and tasks, with the contacts they belong to."""

import re
from collections.abc import Mapping

from connectors.hubspot.streams.shape import ObjectStream, read_object
from connectors.records import FieldType

_LEFT_OUT = re.compile(
    "(^|_)(body|text|html|headers|notes|summary|transcript|transcription|recording"
    "|to|from|cc|bcc|sender)(_|$)"
)
"""Words in the names of properties that hold what people wrote or said, or whom they wrote to.

No model needs these, so we never ask for them: an activity counts, its content does not.
"""

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
    return read_object(name, singular, fields, associated=("contacts",), left_out=_LEFT_OUT)


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
