"""Permission sets as deployed: what they say of objects and fields; assigning them is a step apart.

Source: Metadata API Developer Guide, "PermissionSet": from version 40.0 a deployment replaces all
that the permission set grants.
"""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import new_id
from connectors.sandbox.salesforce.metadata.checks import check_definition
from connectors.sandbox.salesforce.metadata.field_types import Metadata
from connectors.sandbox.salesforce.metadata.outcome import Listed, Outcome
from connectors.sandbox.salesforce.names import check_developer_name
from connectors.sandbox.salesforce.schema import (
    Field,
    ObjectType,
    find_type,
    standard_types,
)
from connectors.sandbox.salesforce.storing import insert_values, write_values
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

_NEEDS = (
    ("allowCreate", "Create", "allowRead", "Read"),
    ("allowEdit", "Edit", "allowRead", "Read"),
    ("allowDelete", "Delete", "allowEdit", "Edit"),
    ("viewAllRecords", "View All", "allowRead", "Read"),
    ("modifyAllRecords", "Modify All", "viewAllRecords", "View All"),
)
_OBJECT_RIGHTS = {
    "PermissionsCreate": "allowCreate",
    "PermissionsRead": "allowRead",
    "PermissionsEdit": "allowEdit",
    "PermissionsDelete": "allowDelete",
    "PermissionsViewAllRecords": "viewAllRecords",
    "PermissionsModifyAllRecords": "modifyAllRecords",
}


def put_permission_set(sandbox: Sandbox, name: str, metadata: Metadata) -> Outcome:
    """Make a permission set, or let it grant what it now says and nothing else.

    Raises:
        Refusal: it has no label, or grants what is not there or can't be granted.
    """
    check_definition("PermissionSet", metadata)
    check_developer_name(name, "permission set")
    if not metadata.get("label"):
        raise Refusal("REQUIRED_FIELD_MISSING", "Required field is missing: label")
    before = read_permission_set(sandbox.store, name)
    found = sandbox.store.value("select Id from salesforce_PermissionSet where Name = ?", name)
    set_id = str(found or new_id(sandbox.store, "0PS"))
    _keep_set(sandbox, set_id, name, metadata, is_new=found is None)
    _grant_fields(sandbox, set_id, metadata)
    _grant_objects(sandbox, set_id, metadata)
    changed = before != read_permission_set(sandbox.store, name)
    return Outcome(set_id, created=found is None, changed=changed)


def delete_permission_set(sandbox: Sandbox, name: str) -> str:
    """Take a permission set away with what it grants, and return its id.

    Raises:
        Refusal: it is assigned to somebody.
    """
    set_id: str = sandbox.store.value(
        "select Id from salesforce_PermissionSet where Name = ?", name
    )
    assigned = "select Id from salesforce_PermissionSetAssignment where PermissionSetId = ?"
    if sandbox.store.row(assigned, set_id):
        message = "You can't delete a permission set that's assigned to users."
        raise Refusal("DEPENDENCY_EXISTS", message)
    _clear(sandbox.store, set_id)
    sandbox.store.run("delete from salesforce_PermissionSet where Id = ?", set_id)
    return set_id


def read_permission_set(store: Store, name: str) -> dict[str, Any] | None:
    """Return a permission set as it would be retrieved, or None."""
    row = store.row("select * from salesforce_PermissionSet where Name = ?", name)
    if row is None:
        return None
    fields = store.rows(
        "select * from salesforce_FieldPermissions where ParentId = ? order by Field", row["Id"]
    )
    objects = store.rows(
        "select * from salesforce_ObjectPermissions where ParentId = ? order by SobjectType",
        row["Id"],
    )
    return {
        "fullName": row["Name"],
        "description": row["Description"],
        "fieldPermissions": [
            {
                "editable": bool(grant["PermissionsEdit"]),
                "field": grant["Field"],
                "readable": bool(grant["PermissionsRead"]),
            }
            for grant in fields
        ],
        "hasActivationRequired": False,
        "label": row["Label"],
        "objectPermissions": [
            {part: bool(grant[column]) for column, part in _OBJECT_RIGHTS.items()}
            | {"object": grant["SobjectType"]}
            for grant in objects
        ],
    }


def list_permission_sets(store: Store) -> list[Listed]:
    """Return every permission set."""
    rows = store.rows(
        "select Id, Name, CreatedDate, SystemModstamp from salesforce_PermissionSet order by Id"
    )
    return [Listed(*row) for row in rows]


def _keep_set(sandbox: Sandbox, set_id: str, name: str, metadata: Metadata, is_new: bool) -> None:
    now = stamp(sandbox.clock.now)
    values = {
        "Name": name,
        "Label": metadata["label"],
        "Description": metadata.get("description"),
        "SystemModstamp": now,
    }
    known = standard_types()["PermissionSet"]
    if is_new:
        added = {"Id": set_id, "IsOwnedByProfile": False, "CreatedDate": now}
        insert_values(sandbox.store, known, values | added)
    else:
        write_values(sandbox.store, known, set_id, values)


def _clear(store: Store, set_id: str) -> None:
    store.run("delete from salesforce_FieldPermissions where ParentId = ?", set_id)
    store.run("delete from salesforce_ObjectPermissions where ParentId = ?", set_id)


def _grant_fields(sandbox: Sandbox, set_id: str, metadata: Metadata) -> None:
    _clear(sandbox.store, set_id)
    for grant in metadata.get("fieldPermissions", ()):
        known, field = _field_of(sandbox.store, str(grant.get("field") or ""))
        reads, edits = grant.get("readable") is True, grant.get("editable") is True
        if edits and not reads:
            message = f"Field {known.name}.{field.name} has Edit permission but no Read permission"
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
        # What is neither read nor edited is as good as not granted: no row says so.
        if reads:
            rights = {"PermissionsRead": True, "PermissionsEdit": edits}
            named = {"SobjectType": known.name, "Field": f"{known.name}.{field.name}"}
            _insert_grant(sandbox, "FieldPermissions", set_id, named | rights)


def _field_of(store: Store, full_name: str) -> tuple[ObjectType, Field]:
    object_name, _, name = full_name.partition(".")
    known = find_type(store, object_name)
    field = None if known is None else known.find(name)
    if known is None or field is None:
        message = f"In field: field - no CustomField named {full_name} found"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    if not field.nillable and field.type != "boolean":
        message = f"You cannot deploy to a required field: {full_name}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    return known, field


def _grant_objects(sandbox: Sandbox, set_id: str, metadata: Metadata) -> None:
    for grant in metadata.get("objectPermissions", ()):
        known = find_type(sandbox.store, str(grant.get("object") or ""))
        if known is None:
            message = f"In field: field - no CustomObject named {grant.get('object')} found"
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
        _check_rights(grant, known)
        rights = {column: grant.get(part) is True for column, part in _OBJECT_RIGHTS.items()}
        if any(rights.values()):
            named = {"SobjectType": known.name}
            _insert_grant(sandbox, "ObjectPermissions", set_id, named | rights)


def _check_rights(grant: Mapping[str, Any], known: ObjectType) -> None:
    for right, name, needed, needed_name in _NEEDS:
        if grant.get(right) is True and grant.get(needed) is not True:
            raise Refusal(
                "FIELD_INTEGRITY_EXCEPTION",
                f"Permission {name} {known.name} depends on permission(s): "
                f"{needed_name} {known.name}",
            )


def _insert_grant(sandbox: Sandbox, table: str, set_id: str, values: dict[str, Any]) -> None:
    known = standard_types()[table]
    named = {"Id": new_id(sandbox.store, known.prefix), "ParentId": set_id}
    stamped = {"SystemModstamp": stamp(sandbox.clock.now)}
    insert_values(sandbox.store, known, named | values | stamped)
