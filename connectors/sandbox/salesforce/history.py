"""LeadHistory: what Salesforce writes down by itself about tracked fields."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.ids import new_id
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

_INSERT = """
insert into salesforce_LeadHistory
    (Id, IsDeleted, LeadId, CreatedById, CreatedDate, Field, DataType, OldValue, NewValue)
values (?, 0, ?, ?, ?, ?, ?, ?, ?)
"""
Entry = tuple[str, str, str | None, str | None]
"""Field, data type, old value, new value."""


def record_creation(sandbox: Sandbox, known: ObjectType, record_id: str, user_id: str) -> None:
    """Write the first line of a Lead's history."""
    if known.tracked:
        keep_entry(sandbox.store, record_id, user_id, stamp(sandbox.clock.now), _CREATED)


def record_changes(
    sandbox: Sandbox,
    known: ObjectType,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    user_id: str,
) -> None:
    """Write a line for every tracked field whose value is another than before."""
    for name in known.tracked:
        if name in after and after[name] != before.get(name):
            for entry in change_entries(sandbox.store, name, before.get(name), after[name]):
                keep_entry(sandbox.store, before["Id"], user_id, stamp(sandbox.clock.now), entry)


def change_entries(store: Store, name: str, old: str | None, new: str | None) -> list[Entry]:
    """Return the lines one change makes: a reference makes two, one of names and one of ids."""
    if name != "OwnerId":
        return [(name, "Text", old, new)]
    return [
        ("Owner", "Text", user_name(store, old), user_name(store, new)),
        ("Owner", "EntityId", old, new),
    ]


def keep_entry(store: Store, lead_id: str, user_id: str, when: str, entry: Entry) -> None:
    """Keep one line of history."""
    store.run(_INSERT, new_id(store, "017"), lead_id, user_id, when, *entry)


def user_name(store: Store, user_id: str | None) -> str | None:
    """Return a user's full name."""
    name: str | None = store.value("select Name from salesforce_User where Id = ?", user_id)
    return name


_CREATED: Entry = ("created", "Text", None, None)
