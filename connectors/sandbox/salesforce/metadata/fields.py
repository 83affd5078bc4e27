"""Custom fields of the org: made, changed and taken away, by whichever API asks.

Source: Tooling API and Metadata API Developer Guides, "CustomField"; Salesforce Help, "Notes on
Changing Custom Field Types" and "Field History Tracking".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.columns import (
    add_column,
    add_custom_field,
    change_custom_field,
    drop_column,
    drop_custom_field,
    index_field,
)
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import new_id
from connectors.sandbox.salesforce.metadata.checks import check_definition
from connectors.sandbox.salesforce.metadata.definitions import check_name, read_definition
from connectors.sandbox.salesforce.metadata.dependents import check_unused, recompile_formulas
from connectors.sandbox.salesforce.metadata.field_types import FIELD_TYPES, Metadata
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import Field, ObjectType, object_types
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

TRACKED_LIMIT = 20
"""Fields of an object whose history may be kept."""

ACTIVITY = "Activity"
"""Where custom fields of Task and Event are defined: both get each of them."""
_ACTIVITIES = ("Task", "Event")


@dataclass(frozen=True)
class KeptField:
    """A custom field as it was defined."""

    id: str
    full_name: str
    metadata: Metadata
    created_at: str
    modified_at: str


def find_field(store: Store, full_name: str) -> KeptField | None:
    """Return the custom field of a name such as Lead.Score__c, or None."""
    row = store.row("select * from salesforce_CustomField where FullName = ?", full_name)
    return None if row is None else _kept(dict(row))


def field_by_id(store: Store, field_id: str) -> KeptField | None:
    """Return the custom field with an id, or None."""
    row = store.row("select * from salesforce_CustomField where Id = ?", field_id)
    return None if row is None else _kept(dict(row))


def list_fields(store: Store) -> list[KeptField]:
    """Return the custom fields that were added to the org, oldest first."""
    rows = store.rows("select * from salesforce_CustomField order by rowid")
    return [_kept(dict(row)) for row in rows]


def _kept(row: Mapping[str, Any]) -> KeptField:
    metadata, stamps = json.loads(row["Metadata"]), (row["CreatedDate"], row["LastModifiedDate"])
    return KeptField(row["Id"], row["FullName"], metadata, *stamps)


def create_field(sandbox: Sandbox, full_name: str, metadata: Metadata) -> str:
    """Make a custom field and return its id; nobody may see it yet.

    Raises:
        Refusal: there is one already, or Salesforce would not make it.
    """
    check_definition("CustomField", metadata)
    place, name, owners = _place(sandbox.store, full_name)
    types = object_types(sandbox.store)
    for known in owners:
        field = read_definition(known, name, metadata, types)
        if known.find(name):
            raise Refusal(
                "DUPLICATE_DEVELOPER_NAME",
                f"There is already a field named {name.removesuffix('__c')} on {known.label}.",
            )
        _check_tracking(known, field)
        add_custom_field(sandbox.store, known.name, field)
    return _keep_new(sandbox, place, owners[0].definition_id or place, name, metadata)


def update_field(sandbox: Sandbox, kept: KeptField, metadata: Metadata) -> None:
    """Give a custom field another definition.

    Raises:
        Refusal: it is no change that Salesforce makes.
    """
    check_definition("CustomField", metadata)
    _, name, owners = _place(sandbox.store, kept.full_name)
    _check_change(kept.metadata, metadata)
    for known in owners:
        field = read_definition(known, name, metadata, object_types(sandbox.store))
        _check_tracking(known, field)
        _change_column(sandbox.store, known, known.fields[name], field)
        change_custom_field(sandbox.store, known.name, field)
    sandbox.store.run(
        "update salesforce_CustomField set Metadata = ?, LastModifiedDate = ? where Id = ?",
        json.dumps(metadata),
        stamp(sandbox.clock.now),
        kept.id,
    )
    recompile_formulas(sandbox.store)


def delete_field(sandbox: Sandbox, kept: KeptField) -> None:
    """Take a custom field away, with its values and the grants of it.

    Raises:
        Refusal: a formula needs it.
    """
    _, name, owners = _place(sandbox.store, kept.full_name)
    for known in owners:
        check_unused(sandbox.store, known, name)
        if not known.fields[name].expression:
            drop_column(sandbox.store, known, known.fields[name])
        drop_custom_field(sandbox.store, known.name, name)
        sandbox.store.run(
            "delete from salesforce_FieldPermissions where SobjectType = ? and Field = ?",
            known.name,
            f"{known.name}.{name}",
        )
    sandbox.store.run("delete from salesforce_CustomField where Id = ?", kept.id)


def _place(store: Store, full_name: str) -> tuple[str, str, list[ObjectType]]:
    """Return where a field is defined, its name, and the objects that have it."""
    object_name, _, name = full_name.partition(".")
    types = object_types(store)
    if object_name.lower() == ACTIVITY.lower():
        owners = [types[activity] for activity in _ACTIVITIES]
    else:
        owners = [known for known in types.values() if known.name.lower() == object_name.lower()]
    if not owners or not all(_is_open(known, object_name) for known in owners):
        message = (
            f"Entity Enumeration Or ID: bad value for restricted picklist field: {object_name}"
        )
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message)
    check_name(owners[0], name)
    return ACTIVITY if len(owners) > 1 else owners[0].name, name, owners


def _is_open(known: ObjectType, asked: str) -> bool:
    # What sets the org up, such as permission sets, does not say who changed it last.
    is_data = not known.tooling and not known.read_only and "LastModifiedById" in known.fields
    return is_data and (known.name not in _ACTIVITIES or asked.lower() == ACTIVITY.lower())


def _check_tracking(known: ObjectType, field: Field) -> None:
    others = [name for name in known.tracked if name != field.name]
    if field.tracked and len(others) >= TRACKED_LIMIT:
        message = f"You can track at most {TRACKED_LIMIT} fields on {known.label}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)


def _check_change(before: Metadata, after: Metadata) -> None:
    if bool(before.get("formula")) != bool(after.get("formula")):
        way = "from a Formula to" if before.get("formula") else "to a Formula from"
        raise _unchangeable(f"Cannot update a field {way} something else")
    old, new = before["type"], after.get("type")
    if old != new and "Lookup" in (old, new):
        raise _unchangeable(f"Cannot change the type of a field from {old} to {new}")
    if old == "Lookup" and before["referenceTo"] != after.get("referenceTo"):
        raise _unchangeable("Cannot change which object this lookup points to")
    if old == new and old in ("LongTextArea", "Html") and after["length"] < before["length"]:
        raise _unchangeable(f"Maximum length must not be less than {before['length']}")


def _change_column(store: Store, known: ObjectType, before: Field, after: Field) -> None:
    """Let the column follow its field; values of another family of types are lost."""
    if after.expression:
        return
    if _family(before) == _family(after):
        index_field(store, known, after)
        return
    drop_column(store, known, before)
    add_column(store, known, after)


def _family(field: Field) -> str:
    kinds = (kind for kind in FIELD_TYPES.values() if kind.described_as == field.type)
    family = next(kinds).family
    return "text" if family == "options" else family


def _keep_new(sandbox: Sandbox, place: str, table: str, name: str, metadata: Metadata) -> str:
    field_id, now = new_id(sandbox.store, "00N"), stamp(sandbox.clock.now)
    sandbox.store.run(
        "insert into salesforce_CustomField (Id, DeveloperName, TableEnumOrId, FullName, Metadata, "
        "ManageableState, CreatedById, CreatedDate, LastModifiedById, LastModifiedDate) "
        "values (?, ?, ?, ?, ?, 'unmanaged', ?, ?, ?, ?)",
        field_id,
        name.removesuffix("__c"),
        table,
        f"{place}.{name}",
        json.dumps(metadata),
        *(INTEGRATION_USER, now) * 2,
    )
    return field_id


def _unchangeable(message: str) -> Refusal:
    return Refusal("FIELD_INTEGRITY_EXCEPTION", message)
