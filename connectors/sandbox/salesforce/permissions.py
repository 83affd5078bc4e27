"""What the API user sees: an added field or object is there once a permission set grants it.

The org's own custom fields, and all standard objects, come with the API user's profile.
"""

from collections.abc import Mapping

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.schema import (
    Field,
    ObjectType,
    added_fields,
    object_types,
    type_named,
)
from connectors.sandbox.store import Store

INTEGRATION_USER = make_id("005", 1)
"""Who every API write is by: the run-as user of the client-credentials app."""

_GRANTED = """
select distinct grants.Field
from salesforce_FieldPermissions as grants
join salesforce_PermissionSetAssignment as assigned on assigned.PermissionSetId = grants.ParentId
where assigned.AssigneeId = ? and grants.SobjectType = ? and (grants.PermissionsEdit or ?)
"""


def readable_fields(store: Store, known: ObjectType) -> dict[str, Field]:
    """Return the fields of an object that the API user sees, by name."""
    return _granted_fields(store, known, read_suffices=True)


def editable_fields(store: Store, known: ObjectType) -> dict[str, Field]:
    """Return the fields of an object that the API user may write, if the field allows it."""
    return _granted_fields(store, known, read_suffices=False)


def hidden_objects(sandbox: Sandbox, types: Mapping[str, ObjectType]) -> frozenset[str]:
    """Return the names of objects that the API user may not read.

    They are those that the setting withholds, and custom ones until a permission set grants them.
    """
    withheld = sandbox.settings.salesforce_hidden_objects
    made = [name for name, known in types.items() if known.definition_id]
    if not made:
        return frozenset(withheld)
    rows = sandbox.store.rows(_READABLE, INTEGRATION_USER)
    granted = {str(row["SobjectType"]).lower() for row in rows}
    return frozenset([*withheld, *(name for name in made if name.lower() not in granted)])


def find_visible(sandbox: Sandbox, name: str) -> ObjectType | None:
    """Return an object that the API user may read, by its name in any case, or None."""
    types = object_types(sandbox.store)
    known = type_named(types, name)
    return None if known is None or known.name in hidden_objects(sandbox, types) else known


_READABLE = """
select distinct grants.SobjectType
from salesforce_ObjectPermissions as grants
join salesforce_PermissionSetAssignment as assigned on assigned.PermissionSetId = grants.ParentId
where assigned.AssigneeId = ? and grants.PermissionsRead
"""


def _granted_fields(store: Store, known: ObjectType, read_suffices: bool) -> dict[str, Field]:
    # A required field is everybody's; a checkbox is never empty, but is granted like any other.
    added = {f.name for f in added_fields(known) if f.nillable or f.type == "boolean"}
    if not added:
        return dict(known.fields)
    rows = store.rows(_GRANTED, INTEGRATION_USER, known.name, read_suffices)
    granted = {str(row["Field"]).lower() for row in rows}
    return {
        name: field
        for name, field in known.fields.items()
        if name not in added or f"{known.name}.{name}".lower() in granted
    }
