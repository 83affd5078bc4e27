"""Our own fields in Salesforce, and the permission set that lets our user use them.

A field made by the Tooling API is invisible, even to its maker, until a permission set or profile
grants it. Source: Tooling API, CustomField; Object Reference, PermissionSet, FieldPermissions.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from connectors.changes import OwnField, ProvisionResult
from connectors.errors import RejectedRequestError
from connectors.records import FieldType
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.queries import read_small
from connectors.salesforce.soql import Query, literal, name
from connectors.salesforce.tables import ID

PERMISSION_SET = "Leadcycle"
_PRECISION = 18
_ACTIVITY, _ACTIVITIES = "Activity", frozenset({"Task", "Event"})
"""Tasks and events have their custom fields in common. Source: Object Reference, Activity."""


def provision_fields(
    client: SalesforceClient, object_name: str, fields: Sequence[OwnField]
) -> list[ProvisionResult]:
    """Create missing fields, then grant all of them to our user. Repeating it changes nothing."""
    visible = {field.name for field in client.describe(name(object_name))}
    results = [
        ProvisionResult(field.name, _ensure_field(client, object_name, field, visible))
        for field in fields
    ]
    permission_set = _ensure_permission_set(client)
    _ensure_grants(client, permission_set, object_name, [field.name for field in fields])
    _ensure_assignment(client, permission_set)
    client.forget_descriptions()
    return results


def describe_field(field: OwnField) -> dict[str, object]:
    """Return the field's metadata as the Tooling API takes it."""
    common = {"label": field.label, "description": field.description}
    return {**common, **_SHAPES[field.type], **_measures(field)}


def _ensure_field(
    client: SalesforceClient, object_name: str, field: OwnField, visible: set[str]
) -> Literal["created", "present"]:
    if field.name in visible:
        return "present"
    try:
        owner = _ACTIVITY if object_name in _ACTIVITIES else object_name
        client.create_custom_field(f"{owner}.{field.name}", describe_field(field))
    except RejectedRequestError as refusal:
        # It exists, but no permission set has made it visible to our user yet.
        if refusal.code != "DUPLICATE_DEVELOPER_NAME":
            raise
        return "present"
    return "created"


def _ensure_permission_set(client: SalesforceClient) -> str:
    named = Query("PermissionSet", (ID,), (f"Name = {literal(PERMISSION_SET)}",))
    found = read_small(client, named)
    if found:
        return str(found[0]["Id"])
    body = {"Name": PERMISSION_SET, "Label": PERMISSION_SET}
    return _create(client, "PermissionSet", body)


def _ensure_grants(
    client: SalesforceClient, permission_set: str, object_name: str, field_names: Sequence[str]
) -> None:
    where = (f"ParentId = {literal(permission_set)}", f"SobjectType = {literal(object_name)}")
    grants = read_small(client, Query("FieldPermissions", (ID, "Field"), where))
    granted = {str(grant["Field"]) for grant in grants}
    for field_name in field_names:
        full_name = f"{object_name}.{field_name}"
        if full_name not in granted:
            body = {
                "ParentId": permission_set,
                "SobjectType": object_name,
                "Field": full_name,
                "PermissionsRead": True,
                "PermissionsEdit": True,
            }
            _create(client, "FieldPermissions", body)


def _ensure_assignment(client: SalesforceClient, permission_set: str) -> None:
    user = client.user_id
    where = (f"AssigneeId = {literal(user)}", f"PermissionSetId = {literal(permission_set)}")
    if not read_small(client, Query("PermissionSetAssignment", (ID,), where)):
        body = {"AssigneeId": user, "PermissionSetId": permission_set}
        _create(client, "PermissionSetAssignment", body)


def _create(client: SalesforceClient, object_name: str, body: Mapping[str, object]) -> str:
    return str(client.call(f"sobjects/{object_name}", "POST", body)["id"])


def _measures(field: OwnField) -> dict[str, object]:
    if field.type == "string":
        key = {"externalId": True, "unique": True} if field.is_key else {}
        return {"length": field.length, **key}
    if field.type == "decimal":
        return {"precision": _PRECISION, "scale": field.scale}
    return {}


_SHAPES: Mapping[FieldType, Mapping[str, object]] = {
    "string": {"type": "Text"},
    "integer": {"type": "Number", "precision": _PRECISION, "scale": 0},
    "decimal": {"type": "Number"},
    "boolean": {"type": "Checkbox", "defaultValue": "false"},
    "date": {"type": "Date"},
    "datetime": {"type": "DateTime"},
}
