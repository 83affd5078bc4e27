"""A record's page: Lead, Contact, Account or Opportunity."""

from collections.abc import Iterable
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.record_page import RecordPage, Shown, page_link, path_of, read_time
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.layouts import CONVERTED, LAYOUTS, Layout
from connectors.sandbox.salesforce.related import related_lists
from connectors.sandbox.salesforce.schema import (
    Field,
    ObjectType,
    added_fields,
    name_of,
    object_types,
    sql_of,
    type_of_id,
)
from connectors.sandbox.salesforce.timeline import events_of, user_name
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.store import Store, quoted

Values = dict[str, Any]


def record_page(sandbox: Sandbox, kind: str, record_id: str) -> RecordPage | None:
    """Return the page of a record, deleted ones included; None for an unknown object or id."""
    if kind not in LAYOUTS:
        return None
    store, known, layout = sandbox.store, object_types(sandbox.store)[kind], LAYOUTS[kind]
    columns = ", ".join(
        f"{sql_of(f, known.alias)} as {quoted(f.name)}" for f in known.fields.values()
    )
    row = store.row(f"select {columns} from {known.table} where Id = ?", full_id(record_id))  # noqa: S608 - names of our schema
    if row is None:
        return None
    record = dict(row)
    return RecordPage(
        crm="salesforce",
        kind=known.label,
        record_id=record["Id"],
        name=record["Name"],
        subtitle=_subtitle(store, known, layout, record),
        notes=tuple(_notes(store, known, record)),
        path=path_of(list(layout.path), record[layout.status] or "") if layout.status else (),
        fields=_shown_fields(store, known, _shown_names(layout, record), record),
        own_fields=tuple(_shown(store, field, record[field.name]) for field in added_fields(known)),
        events=tuple(events_of(store, known, layout, record["Id"])),
        related=tuple(related_lists(store, kind, record)),
    )


def _subtitle(store: Store, known: ObjectType, layout: Layout, record: Values) -> str:
    texts = (_text(store, known.fields[name], record[name]) for name in layout.subtitle)
    return " · ".join(text for text in texts if text)


def _notes(store: Store, known: ObjectType, record: Values) -> list[str]:
    notes, label = [], known.label.lower()
    if record["IsDeleted"]:
        notes.append(f"This {label} is in the recycle bin.")
    if record.get("MasterRecordId"):
        notes.append(f"It was merged into {name_of(store, record['MasterRecordId'])}.")
    if record.get("IsConverted"):
        contact = name_of(store, record["ConvertedContactId"]) or record["ConvertedContactId"]
        notes.append(f"Converted on {record['ConvertedDate']} into contact {contact}.")
    return notes


def _shown_names(layout: Layout, record: Values) -> tuple[str, ...]:
    return (*layout.shown, *CONVERTED) if record.get("IsConverted") else layout.shown


def _shown_fields(
    store: Store, known: ObjectType, names: Iterable[str], record: Values
) -> tuple[Shown, ...]:
    return tuple(_shown(store, known.fields[name], record[name]) for name in names)


def _shown(store: Store, field: Field, kept: Any) -> Shown:
    label = field.label.removesuffix(" ID") if field.refers_to else field.label
    return Shown(label, _text(store, field, kept), _link(store, field, kept))


def _link(store: Store, field: Field, kept: Any) -> str:
    target = type_of_id(store, kept) if field.refers_to and kept else None
    if target is None or target.name not in LAYOUTS:
        return ""
    return page_link("salesforce", target.name, kept)


def _text(store: Store, field: Field, kept: Any) -> str:
    if kept is None:
        return ""
    match field.type:
        case "datetime":
            return read_time(moment_of(kept))
        case "boolean":
            return "Yes" if kept else "No"
        case "reference":
            return user_name(store, kept)
        case "double" | "currency" | "percent":
            return f"{kept:.{field.scale}f}"
    return str(kept)
