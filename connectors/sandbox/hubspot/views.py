"""Records as answers show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.hubspot.associations import associations_of, type_name
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, history_of
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.values import Kept, rendered
from connectors.sandbox.store import Store

View = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a request wants to see of records."""

    names: Sequence[str] = ()
    with_history: Sequence[str] = ()
    associated: Sequence[ObjectType] = ()


def record_views(
    store: Store, object_type: ObjectType, records: Iterable[Record], asked: Asked
) -> list[View]:
    """Return records with the asked properties: null when empty, left out when undefined."""
    known = properties(store, object_type.name)
    wanted = {*asked.names, *asked.with_history} or {*object_type.shown}
    shown = sorted(name for name in (*wanted, *object_type.always) if name in known)
    return [_view(store, record, known, shown, asked) for record in records]


def changed_view(store: Store, record: Record, names: Iterable[str]) -> View:
    """Return what a write answers with: the written properties and a few of HubSpot's own."""
    known = properties(store, record.object_type.name)
    shown = {*names, "hs_email_domain", *record.object_type.always}
    return _view(store, record, known, sorted(shown & known.keys()), Asked())


def _view(
    store: Store,
    record: Record,
    known: Mapping[str, Property],
    shown: Sequence[str],
    asked: Asked,
) -> View:
    view: View = {
        "id": str(record.id),
        "properties": {name: rendered(known[name], record.value(name)) for name in shown},
        "createdAt": instant(from_ms(record.created_at)),
        "updatedAt": instant(from_ms(record.updated_at)),
        "archived": record.archived_at is not None,
    }
    if record.archived_at is not None:
        view["archivedAt"] = instant(from_ms(record.archived_at))
    if asked.with_history:
        view["propertiesWithHistory"] = {
            name: history_view(store, record, known[name])
            for name in asked.with_history
            if name in known
        }
    if inline := _inline(store, record, asked.associated):
        view["associations"] = inline
    return view


def history_view(store: Store, record: Record, known: Property) -> list[View]:
    """Return the history of one property, newest first."""
    return [
        _without_blanks(
            {
                "value": rendered(known, _typed(known, entry["value"])) or "",
                "timestamp": instant(from_ms(entry["changed_at"])),
                "sourceType": entry["source_type"],
                "sourceId": entry["source_id"],
                "sourceLabel": entry["source_label"],
                "updatedByUserId": entry["user_id"],
            }
        )
        for entry in history_of(store, record, known.name)
    ]


def _inline(store: Store, record: Record, associated: Sequence[ObjectType]) -> View:
    """Return associations as v3 lists them: a labelled pair comes twice."""
    shown = {}
    for to_type in associated:
        found = associations_of(store, record, to_type)
        results = [
            {"id": str(to_id), "type": type_name(record.object_type, to_type, kept.label)}
            for to_id, several in found.items()
            for kept in several
        ]
        if results:
            shown[to_type.name] = {"results": results}
    return shown


def _typed(known: Property, text: str | None) -> Kept:
    return int(text) if text and known.type == "datetime" else text


def _without_blanks(entry: View) -> View:
    return {name: value for name, value in entry.items() if value is not None}
