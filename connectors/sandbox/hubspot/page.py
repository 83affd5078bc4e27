"""A contact's page."""

import json
from typing import Any

from connectors.sandbox.clock import from_ms
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import Contact, find_contact, read_contact
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.record_page import (
    Event,
    ListedRecord,
    RecordPage,
    Shown,
    path_of,
    read_time,
)
from connectors.sandbox.store import Store

_OFF_PATH = frozenset({"evangelist", "other"})
_SHOWN = (
    "hubspot_owner_id",
    "email",
    "phone",
    "company",
    "jobtitle",
    "country",
    "industry",
    "numemployees",
    "hs_analytics_source",
    "hs_lead_status",
    "num_conversion_events",
    "salesforceleadid",
    "createdate",
    "lastmodifieddate",
)
_SOURCES = {
    "IMPORT": "Import",
    "FORM": "Form",
    "AUTOMATION_PLATFORM": "Workflow",
    "INTEGRATION": "Integration",
}


def contact_page(sandbox: Sandbox, record_id: str) -> RecordPage | None:
    """Return the page of a contact, archived ones included; None for an unknown id."""
    store, contact_id = sandbox.store, int(record_id) if record_id.isdigit() else 0
    contact = find_contact(store, contact_id) or find_contact(store, contact_id, archived=True)
    if contact is None:
        return None
    known = properties(store)
    own = [entry for entry in known.values() if not entry.hubspot_defined]
    stages = known["lifecyclestage"].options
    path = [label for value, label in stages.items() if value not in _OFF_PATH]
    archived = contact.archived_at is not None
    return RecordPage(
        crm="hubspot",
        kind="Contact",
        record_id=str(contact.id),
        name=contact_name(contact),
        subtitle=" · ".join(str(v) for v in _values(contact, "jobtitle", "company") if v),
        notes=("This contact is archived.",) if archived else (),
        path=path_of(path, stages.get(str(contact.value("lifecyclestage")), "")),
        fields=tuple(_shown(store, known[name], contact) for name in _SHOWN),
        own_fields=tuple(_shown(store, entry, contact) for entry in own),
        events=tuple(_events(store, contact.id, known)),
    )


def find_contacts(store: Store, text: str, most: int) -> list[ListedRecord]:
    """Return living contacts whose name, company or address holds a text, latest change first."""
    rows = store.rows(
        "select * from hubspot_contacts where archived_at is null and (email like ?1 "
        "or (properties ->> 'firstname') || ' ' || (properties ->> 'lastname') like ?1 "
        "or properties ->> 'company' like ?1) order by updated_at desc, id limit ?2",
        f"%{text}%",
        most,
    )
    return [_listed(read_contact(row), properties(store)) for row in rows]


def count_contacts(store: Store) -> int:
    """Return how many contacts live."""
    return int(store.value("select count(*) from hubspot_contacts where archived_at is null"))


def contact_name(contact: Contact) -> str:
    """Return a contact's name, or the address of one without a name."""
    parts = [str(value) for value in _values(contact, "firstname", "lastname") if value]
    return " ".join(parts) or str(contact.value("email") or contact.id)


def _listed(contact: Contact, known: dict[str, Property]) -> ListedRecord:
    stage = str(contact.value("lifecyclestage") or "")
    return ListedRecord(
        crm="hubspot",
        record_id=str(contact.id),
        name=contact_name(contact),
        company=str(contact.value("company") or ""),
        email=str(contact.value("email") or ""),
        status=known["lifecyclestage"].options.get(stage, ""),
        modified_at=from_ms(contact.updated_at),
    )


def _values(contact: Contact, *names: str) -> list[Kept]:
    return [contact.value(name) for name in names]


def _shown(store: Store, known: Property, contact: Contact) -> Shown:
    return Shown(known.label, _text(store, known, contact.value(known.name)))


def _text(store: Store, known: Property, kept: Any) -> str:
    if kept is None or kept == "":
        return ""
    if known.type == "datetime":
        return read_time(from_ms(int(kept)))
    if known.name == "hubspot_owner_id":
        return _owner_name(store, "id", kept)
    return known.options.get(str(kept), str(kept))


def _owner_name(store: Store, column: str, value: Any) -> str:
    sql = f"select first_name || ' ' || last_name from hubspot_owners where {column} = ?"  # noqa: S608 - a constant
    return str(store.value(sql, value) or value)


def _events(store: Store, contact_id: int, known: dict[str, Property]) -> list[Event]:
    events = [
        *(_change(store, dict(row), known) for row in store.rows(_HISTORY, contact_id)),
        *(_submission(dict(row)) for row in store.rows(_SUBMISSIONS, contact_id)),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


_HISTORY = """
select * from hubspot_history where contact_id = ? order by changed_at desc, rowid desc limit 200
"""
_SUBMISSIONS = """
select submissions.*, forms.name from hubspot_submissions as submissions
join hubspot_forms as forms on forms.id = submissions.form_id
where submissions.contact_id = ? order by submitted_at desc
"""


def _change(store: Store, entry: dict[str, Any], known: dict[str, Property]) -> Event:
    changed = known[entry["property"]]
    if entry["user_id"] is not None:
        author = _owner_name(store, "user_id", entry["user_id"])
    else:
        source = _SOURCES.get(entry["source_type"], entry["source_type"])
        author = f"{source}: {entry['source_label']}" if entry["source_label"] else source
    return Event(
        at=from_ms(entry["changed_at"]),
        kind="ours" if entry["source_type"] == "INTEGRATION" else "change",
        title=changed.label,
        detail=_text(store, changed, entry["value"]) or "—",
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
