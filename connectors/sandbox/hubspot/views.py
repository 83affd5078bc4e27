"""Contacts as answers show them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.hubspot.contacts import Contact, history_of
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.values import Kept, rendered
from connectors.sandbox.store import Store

DEFAULT_NAMES = ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname")
ALWAYS_NAMES = ("createdate", "hs_object_id", "lastmodifieddate")
View = dict[str, Any]


def contact_views(
    store: Store,
    contacts: Iterable[Contact],
    names: Sequence[str] = (),
    with_history: Sequence[str] = (),
) -> list[View]:
    """Return contacts with the asked properties: null when empty, left out when undefined."""
    known = properties(store)
    wanted = {*names, *with_history, *ALWAYS_NAMES} if names or with_history else DEFAULT_NAMES
    shown = sorted(name for name in wanted if name in known)
    return [_view(store, contact, known, shown, with_history) for contact in contacts]


def changed_view(store: Store, contact: Contact, names: Iterable[str]) -> View:
    """Return what a write answers with: the written properties and a few of HubSpot's own."""
    known = properties(store)
    shown = sorted({*names, "hs_object_id", "hs_email_domain", "createdate", "lastmodifieddate"})
    return _view(store, contact, known, shown, ())


def _view(
    store: Store,
    contact: Contact,
    known: Mapping[str, Property],
    shown: Sequence[str],
    with_history: Sequence[str],
) -> View:
    view: View = {
        "id": str(contact.id),
        "properties": {name: rendered(known[name], contact.value(name)) for name in shown},
        "createdAt": instant(from_ms(contact.created_at)),
        "updatedAt": instant(from_ms(contact.updated_at)),
        "archived": contact.archived_at is not None,
    }
    if contact.archived_at is not None:
        view["archivedAt"] = instant(from_ms(contact.archived_at))
    if with_history:
        view["propertiesWithHistory"] = {
            name: history_view(store, contact, known[name])
            for name in with_history
            if name in known
        }
    return view


def history_view(store: Store, contact: Contact, known: Property) -> list[View]:
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
        for entry in history_of(store, contact.id, known.name)
    ]


def _typed(known: Property, text: str | None) -> Kept:
    return int(text) if text is not None and known.type == "datetime" else text


def _without_blanks(entry: View) -> View:
    return {name: value for name, value in entry.items() if value is not None}
