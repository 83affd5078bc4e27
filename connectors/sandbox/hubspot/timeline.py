"""What happened with a record, for its page: changes, forms and activities, newest first."""

import json
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.clock import from_ms
from connectors.sandbox.hubspot.associations import associations_of
from connectors.sandbox.hubspot.object_types import ACTIVITIES, CONTACTS, ObjectType
from connectors.sandbox.hubspot.page_values import owner_name, text_of
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.schema import Property
from connectors.sandbox.record_page import Event, EventKind
from connectors.sandbox.store import Store

_SOURCES = {
    "IMPORT": "Import",
    "FORM": "Form",
    "AUTOMATION_PLATFORM": "Workflow",
    "INTEGRATION": "Integration",
}
_KINDS: Mapping[str, EventKind] = {
    "calls": "call",
    "emails": "email",
    "meetings": "meeting",
    "notes": "note",
    "tasks": "task",
}
_TITLES = ("hs_call_title", "hs_email_subject", "hs_meeting_title", "hs_task_subject")
_OUTCOMES = (
    *("hs_call_direction", "hs_call_status", "hs_email_direction", "hs_email_status"),
    *("hs_meeting_outcome", "hs_task_status"),
)
_HISTORY = """
select * from hubspot_history where object_type = ? and record_id = ?
order by changed_at desc, rowid desc limit 200
"""
_SUBMISSIONS = """
select submissions.*, forms.name from hubspot_submissions as submissions
join hubspot_forms as forms on forms.id = submissions.form_id
where submissions.contact_id = ? order by submitted_at desc
"""


def events_of(store: Store, record: Record, known: Mapping[str, Property]) -> list[Event]:
    """Return everything that happened with a record, newest first."""
    changes = store.rows(_HISTORY, record.object_type.name, record.id)
    events = [_change(store, dict(row), known) for row in changes]
    if record.object_type == CONTACTS:
        events += [_submission(dict(row)) for row in store.rows(_SUBMISSIONS, record.id)]
    for activity_type in ACTIVITIES:
        events += _activities(store, record, activity_type)
    return sorted(events, key=lambda event: event.at, reverse=True)


def _change(store: Store, entry: dict[str, Any], known: Mapping[str, Property]) -> Event:
    name = entry["property"]
    changed = known.get(name) or Property(name, name, "string", "text", "")  # archived since
    if entry["user_id"] is not None:
        author = owner_name(store, "user_id", entry["user_id"])
    else:
        source = _SOURCES.get(entry["source_type"], entry["source_type"])
        author = f"{source}: {entry['source_label']}" if entry["source_label"] else source
    return Event(
        at=from_ms(entry["changed_at"]),
        kind="ours" if entry["source_type"] == "INTEGRATION" else "change",
        title=changed.label,
        detail=text_of(store, changed, entry["value"]) or "—",
        author=author,
    )


def _submission(row: dict[str, Any]) -> Event:
    filled = {field["name"] for field in json.loads(row["fields"])}
    return Event(
        at=from_ms(row["submitted_at"]),
        kind="form",
        title=f"Form sent: {row['name']}",
        detail=f"{len(filled)} fields, {row['page_url'] or 'no page'}",
        author="Visitor",
    )


def _activities(store: Store, record: Record, activity_type: ObjectType) -> list[Event]:
    ids = associations_of(store, record, activity_type)
    found = (find_record(store, activity_type, activity_id) for activity_id in ids)
    return [_activity(store, activity) for activity in found if activity is not None]


def _activity(store: Store, activity: Record) -> Event:
    title = next((str(activity.kept[name]) for name in _TITLES if activity.kept.get(name)), "")
    outcomes = [str(activity.kept[name]) for name in _OUTCOMES if activity.kept.get(name)]
    owner = activity.kept.get("hubspot_owner_id")
    kind = activity.object_type.singular.capitalize()
    return Event(
        at=from_ms(int(activity.kept.get("hs_timestamp") or activity.created_at)),
        kind=_KINDS[activity.object_type.name],
        title=f"{kind}: {title}" if title else kind,
        detail=", ".join(outcome.replace("_", " ").capitalize() for outcome in outcomes),
        author=owner_name(store, "id", owner) if owner else "",
    )
