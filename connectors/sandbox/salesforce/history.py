"""Field history: what Salesforce writes down by itself about tracked fields.

Source: Object Reference, "StandardObjectNameHistory": a changed reference makes two lines, one of
names and one of ids; events such as a conversion make a line without values.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.ids import new_id
from connectors.sandbox.salesforce.schema import Field, ObjectType, name_of, standard_types
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.salesforce.tracking import is_tracked
from connectors.sandbox.store import Store


class Entry(NamedTuple):
    """One line of history."""

    field: str
    data_type: str = "Text"
    old: Any = None
    new: Any = None


def record_creation(sandbox: Sandbox, known: ObjectType, record_id: str, user_id: str) -> None:
    """Write the first line of a record's history."""
    record_event(sandbox, known, record_id, user_id, "created")


def record_event(
    sandbox: Sandbox, known: ObjectType, record_id: str, user_id: str, event: str
) -> None:
    """Write a line about the record as a whole: created, leadConverted, leadMerged."""
    if known.history:
        _keep(sandbox, known, record_id, user_id, Entry(event))


def record_changes(
    sandbox: Sandbox,
    known: ObjectType,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    user_id: str,
    *,
    at: str = "",
) -> None:
    """Write a line for every tracked field whose value is another than before.

    The lines are of the present moment, or of the kept stamp `at`.
    """
    for name in known.tracked:
        old = before.get(name)
        if name not in after or after[name] == old:
            continue
        if is_tracked(sandbox.settings, known, name, sandbox.clock.now):
            for entry in _entries(sandbox.store, known.fields[name], old, after[name]):
                _keep(sandbox, known, before["Id"], user_id, entry, at=at)


def _entries(store: Store, field: Field, old: Any, new: Any) -> list[Entry]:
    if field.type != "reference":
        return [Entry(field.name, _DATA_TYPES.get(field.type, "Text"), old, new)]
    name = field.name.removesuffix("Id")
    return [
        Entry(name, "Text", name_of(store, old), name_of(store, new)),
        Entry(name, "EntityId", old, new),
    ]


_DATA_TYPES = {"currency": "Currency", "date": "DateOnly"}


def _keep(
    sandbox: Sandbox,
    known: ObjectType,
    record_id: str,
    user_id: str,
    entry: Entry,
    *,
    at: str = "",
) -> None:
    history = standard_types()[known.history]
    sandbox.store.run(
        f"insert into {history.table} (Id, IsDeleted, {known.name}Id, CreatedById, CreatedDate, "  # noqa: S608 - names of our schema
        "Field, DataType, OldValue, NewValue) values (?, 0, ?, ?, ?, ?, ?, ?, ?)",
        new_id(sandbox.store, history.prefix),
        record_id,
        user_id,
        at or stamp(sandbox.clock.now),
        *entry,
    )
