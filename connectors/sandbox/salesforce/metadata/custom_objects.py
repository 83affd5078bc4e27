"""Custom objects of the org: made, changed and taken away with all their records.

Source: Metadata API Developer Guide, "CustomObject".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.custom_objects import (
    ENDING,
    KeptObject,
    find_object,
    keep_object,
)
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import custom_prefix, new_id
from connectors.sandbox.salesforce.metadata.checks import check_definition
from connectors.sandbox.salesforce.metadata.field_types import Metadata
from connectors.sandbox.salesforce.metadata.outcome import Outcome
from connectors.sandbox.salesforce.names import is_api_name
from connectors.sandbox.salesforce.numbering import is_number_format
from connectors.sandbox.salesforce.schema import ObjectType, object_types
from connectors.sandbox.salesforce.tables import table_sql
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

_NAME_LENGTH = 40
_COMPONENTS = frozenset({"fullName", "fields", "listViews"})
"""Parts that say which object it is, or are components themselves."""


def put_custom_object(sandbox: Sandbox, name: str, metadata: Metadata) -> Outcome:
    """Make a custom object, or give it another definition; nobody may read it yet.

    A definition that says nothing leaves the object as it is: its file brings fields alone.

    Raises:
        Refusal: it has no such name, no label, or no field for the names of its records.
    """
    check_definition("CustomObject", metadata)
    own = {part: value for part, value in metadata.items() if part not in _COMPONENTS}
    kept, now = find_object(sandbox.store, name), stamp(sandbox.clock.now)
    if kept is not None and not own:
        return Outcome(kept.id, created=False, changed=False)
    _check(name, own)
    if kept is not None:
        keep_object(
            sandbox.store,
            KeptObject(kept.id, kept.name, kept.prefix, own, kept.created_at, now),
        )
        return Outcome(kept.id, created=False, changed=own != kept.metadata)
    prefix = custom_prefix(sandbox.store)
    made = KeptObject(new_id(sandbox.store, "01I"), name, prefix, own, now, now)
    keep_object(sandbox.store, made)
    for statement in table_sql(object_types(sandbox.store)[name]):
        sandbox.store.run(statement)
    return Outcome(made.id, created=True, changed=True)


def _check(name: str, metadata: Metadata) -> None:
    if not name.endswith(ENDING):
        raise _unfit("Could not resolve standard object's name.")
    if not is_api_name(name.removesuffix(ENDING), _NAME_LENGTH):
        raise _unfit(f"The object name can only contain alphanumeric characters: {name}")
    for part in ("label", "pluralLabel"):
        if not metadata.get(part):
            raise _unfit(f"Must specify a non-empty {part} for the CustomObject")
    named = metadata.get("nameField") or {}
    if named.get("type") not in ("Text", "AutoNumber"):
        raise _unfit("Must specify a nameField of type Text or AutoNumber")
    is_numbered = named["type"] == "AutoNumber"
    if is_numbered and not is_number_format(str(named.get("displayFormat") or "")):
        raise _unfit("Display Format: must include {0}")


def read_custom_object(store: Store, known: ObjectType) -> dict[str, Any]:
    """Return what was said of a custom object; nothing of others."""
    kept = find_object(store, known.name) if known.definition_id else None
    return {} if kept is None else dict(kept.metadata)


def delete_custom_object(sandbox: Sandbox, known: ObjectType) -> str:
    """Take a custom object away with its records, fields and grants, and return its id.

    Raises:
        Refusal: a field of another object refers to it.
    """
    store = sandbox.store
    for other in object_types(store).values():
        links = [f for f in other.fields.values() if f.custom and known.name in f.refers_to]
        if links and other.name != known.name:
            message = (
                "This custom object is referenced elsewhere in salesforce.com. : "
                f"Custom Field - {other.label} {links[0].label}."
            )
            raise Refusal("DEPENDENCY_EXISTS", message)
    for statement in _FORGETTING:
        store.run(statement, known.name)
    store.run("delete from salesforce_CustomField where FullName like ? || '.%'", known.name)
    store.run(f"drop table {known.table}")
    return known.definition_id


_FORGETTING = (
    "delete from salesforce_custom_objects where name = ?",
    "delete from salesforce_custom_fields where object_name = ?",
    "delete from salesforce_deletions where object = ?",
    "delete from salesforce_FieldPermissions where SobjectType = ?",
    "delete from salesforce_ObjectPermissions where SobjectType = ?",
)


def _unfit(message: str) -> Refusal:
    return Refusal("FIELD_INTEGRITY_EXCEPTION", message)
