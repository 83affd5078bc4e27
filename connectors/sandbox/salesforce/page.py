"""A Lead's page."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.record_page import (
    Event,
    EventKind,
    ListedRecord,
    RecordPage,
    Shown,
    path_of,
    read_time,
)
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import Field, object_types
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.store import Store

_PATH = ["New", "Nurturing", "Marketing Qualified", "Working", "Qualified"]
_SHOWN = (
    "OwnerId",
    "Email",
    "Phone",
    "Company",
    "Title",
    "Country",
    "Industry",
    "NumberOfEmployees",
    "LeadSource",
    "Status",
    "CreatedDate",
    "LastModifiedDate",
    "LastModifiedById",
)
_TASK_KINDS: dict[str, EventKind] = {"Call": "call", "Email": "email", "Meeting": "meeting"}


def lead_page(sandbox: Sandbox, record_id: str) -> RecordPage | None:
    """Return the page of a Lead, deleted ones included; None for an unknown id."""
    store = sandbox.store
    row = store.row("select * from salesforce_Lead where Id = ?", full_id(record_id))
    if row is None:
        return None
    lead, fields = dict(row), object_types(store)["Lead"].fields
    own = [field for field in fields.values() if field.custom]
    return RecordPage(
        crm="salesforce",
        kind="Lead",
        record_id=lead["Id"],
        name=lead["Name"],
        subtitle=_joined(lead["Title"], lead["Company"]),
        notes=tuple(_notes(lead)),
        path=path_of(_PATH, lead["Status"]),
        fields=tuple(_shown(store, fields[name], lead[name]) for name in _SHOWN),
        own_fields=tuple(_shown(store, field, lead[field.name]) for field in own),
        events=tuple(_events(store, lead["Id"])),
    )


def find_leads(store: Store, text: str, most: int) -> list[ListedRecord]:
    """Return living Leads whose name, company or address holds a text, latest change first."""
    rows = store.rows(
        "select * from salesforce_Lead where not IsDeleted and "
        "(Name like ?1 or Company like ?1 or Email like ?1) "
        "order by SystemModstamp desc, Id limit ?2",
        f"%{text}%",
        most,
    )
    return [
        ListedRecord(
            crm="salesforce",
            record_id=row["Id"],
            name=row["Name"],
            company=row["Company"],
            email=row["Email"] or "",
            status=row["Status"],
            modified_at=moment_of(row["SystemModstamp"]),
        )
        for row in rows
    ]


def count_leads(store: Store) -> int:
    """Return how many Leads live."""
    return int(store.value("select count(*) from salesforce_Lead where not IsDeleted"))


def _notes(lead: dict[str, Any]) -> list[str]:
    notes = []
    if lead["IsDeleted"]:
        notes.append("This lead is in the recycle bin.")
    if lead["IsConverted"]:
        notes.append(
            f"Converted on {lead['ConvertedDate']} into contact {lead['ConvertedContactId']}."
        )
    return notes


def _shown(store: Store, field: Field, kept: Any) -> Shown:
    return Shown(field.label.removesuffix(" ID"), _text(store, field, kept))


def _text(store: Store, field: Field, kept: Any) -> str:
    if kept is None:
        return ""
    if field.type == "datetime":
        return read_time(moment_of(kept))
    if field.type == "boolean":
        return "Yes" if kept else "No"
    if field.refers_to == ("User",):
        return _user_name(store, kept)
    if field.type == "double":
        return f"{kept:.{field.scale}f}"
    return str(kept)


def _user_name(store: Store, user_id: str) -> str:
    name = store.value("select Name from salesforce_User where Id = ?", user_id) or user_id
    return f"{name} (API)" if user_id == INTEGRATION_USER else str(name)


def _events(store: Store, lead_id: str) -> list[Event]:
    events = [
        *(_change(store, dict(row)) for row in store.rows(_HISTORY, lead_id)),
        *(_task(store, dict(row)) for row in store.rows(_TASKS, lead_id)),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


_HISTORY = """
select * from salesforce_LeadHistory
where LeadId = ? and DataType <> 'EntityId' order by CreatedDate desc, rowid desc
"""
_TASKS = "select * from salesforce_Task where WhoId = ? order by CreatedDate desc, rowid desc"


def _change(store: Store, entry: dict[str, Any]) -> Event:
    created = entry["Field"] == "created"
    return Event(
        at=moment_of(entry["CreatedDate"]),
        kind="ours" if entry["CreatedById"] == INTEGRATION_USER else "change",
        title="Lead created" if created else f"{entry['Field']} changed",
        detail="" if created else f"{entry['OldValue'] or '—'} → {entry['NewValue'] or '—'}",
        author=_user_name(store, entry["CreatedById"]),
    )


def _task(store: Store, task: dict[str, Any]) -> Event:
    return Event(
        at=moment_of(task["CompletedDateTime"] or task["CreatedDate"]),
        kind=_TASK_KINDS.get(task["Type"] or "", "task"),
        title=task["Subject"] or "Task",
        detail=task["Status"],
        author=_user_name(store, task["OwnerId"]),
    )


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
