"""What has happened to a record and with it, newest first."""

from typing import Any

from connectors.sandbox.record_page import Event, EventKind
from connectors.sandbox.salesforce.layouts import Layout
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import ObjectType, name_of, standard_types
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.store import Store

Row = dict[str, Any]

_KINDS: dict[str, EventKind] = {"Call": "call", "Email": "email", "Meeting": "meeting"}


def events_of(store: Store, known: ObjectType, layout: Layout, record_id: str) -> list[Event]:
    """Return the changes, tasks, events and campaigns of a record."""
    found = _changes(store, known, record_id)
    who = layout.activity_reference
    found += [_task(store, row) for row in _referring(store, "Task", who, record_id)]
    found += [_event(store, row) for row in _referring(store, "Event", who, record_id)]
    if layout.member_reference:
        members = _referring(store, "CampaignMember", layout.member_reference, record_id)
        found += [_member(store, row) for row in members]
    return sorted(found, key=lambda event: event.at, reverse=True)


def user_name(store: Store, record_id: str) -> str:
    """Return the name of a user or any other record, its id when it has none."""
    name = name_of(store, record_id) or record_id
    return f"{name} (API)" if record_id == INTEGRATION_USER else name


def _referring(store: Store, object_name: str, reference: str, record_id: str) -> list[Row]:
    table = standard_types()[object_name].table
    sql = f"select * from {table} where {reference} = ? order by CreatedDate desc, rowid desc"  # noqa: S608 - names of our schema
    return [dict(row) for row in store.rows(sql, record_id)]


def _changes(store: Store, known: ObjectType, record_id: str) -> list[Event]:
    if not known.history:
        return []
    rows = _referring(store, known.history, f"{known.name}Id", record_id)
    return [_change(store, known, row) for row in rows if row["DataType"] != "EntityId"]


def _change(store: Store, known: ObjectType, entry: Row) -> Event:
    titles = {
        "created": f"{known.label} created",
        "leadConverted": "Lead converted",
        f"{known.name.lower()}Merged": f"{known.label} merged",
    }
    title = titles.get(entry["Field"])
    return Event(
        at=moment_of(entry["CreatedDate"]),
        kind="ours" if entry["CreatedById"] == INTEGRATION_USER else "change",
        title=title or f"{entry['Field'].removesuffix('__c')} changed",
        detail="" if title else f"{entry['OldValue'] or '—'} → {entry['NewValue'] or '—'}",
        author=user_name(store, entry["CreatedById"]),
    )


def _task(store: Store, task: Row) -> Event:
    return Event(
        at=moment_of(task["CompletedDateTime"] or task["CreatedDate"]),
        kind=_KINDS.get(task["Type"] or "", "task"),
        title=task["Subject"] or "Task",
        detail=task["Status"],
        author=user_name(store, task["OwnerId"]),
    )


def _event(store: Store, event: Row) -> Event:
    return Event(
        at=moment_of(event["StartDateTime"]),
        kind=_KINDS.get(event["Type"] or "", "meeting"),
        title=event["Subject"] or "Event",
        detail=f"{event['DurationInMinutes'] or 0} minutes",
        author=user_name(store, event["OwnerId"]),
    )


def _member(store: Store, member: Row) -> Event:
    return Event(
        at=moment_of(member["CreatedDate"]),
        kind="campaign",
        title=f"Campaign: {name_of(store, member['CampaignId'])}",
        detail=member["Status"] or "",
        author=user_name(store, member["CreatedById"]) if member["CreatedById"] else "",
    )
