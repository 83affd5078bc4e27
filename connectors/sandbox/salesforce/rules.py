"""What the org itself adds to a write: derived fields, references that must exist, assignment."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.schema import ObjectType, find_type

DEFAULT_OWNER = make_id("005", 2)
"""The user that lead assignment falls back on: Salesforce's default lead owner."""


def assigned_owner(sandbox: Sandbox, known: ObjectType, assigns: bool) -> dict[str, str]:
    """Return the owner that assignment sets on a Lead.

    Without `Sforce-Auto-Assign: FALSE` the API assigns on updates too, even with no active rule.
    """
    if known.name == "Lead" and assigns and sandbox.settings.salesforce_assigns_leads:
        return {"OwnerId": DEFAULT_OWNER}
    return {}


def derived_values(
    known: ObjectType, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields that follow from others."""
    if known.name == "Lead":
        return {"Name": " ".join(filter(None, (after.get("FirstName"), after["LastName"])))}
    if known.name == "Task":
        return _closing(before, after)
    return {}


def _closing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    closed = after["Status"] == "Completed"
    completed_at = before.get("CompletedDateTime") or after["SystemModstamp"]
    return {"IsClosed": closed, "CompletedDateTime": completed_at if closed else None}


def check_rules(sandbox: Sandbox, known: ObjectType, values: Mapping[str, Any]) -> None:
    """Check what one field's value alone can't show.

    Raises:
        Refusal: a reference to nobody, a doubled grant, or rights that contradict each other.
    """
    _check_references(sandbox, known, values)
    if known.name == "FieldPermissions":
        _check_grant(sandbox, values)
        _check_unique(sandbox, known, values, ("ParentId", "Field"))
    if known.name == "PermissionSet":
        _check_unique(sandbox, known, values, ("Name",))
    if known.name == "PermissionSetAssignment":
        _check_unique(sandbox, known, values, ("PermissionSetId", "AssigneeId"))


def _check_references(sandbox: Sandbox, known: ObjectType, values: Mapping[str, Any]) -> None:
    for field in known.fields.values():
        value = values.get(field.name)
        if not field.refers_to or not field.createable or value is None:
            continue
        targets = [find_type(sandbox.store, name) for name in field.refers_to]
        if not any(target and _exists(sandbox, target, value) for target in targets):
            message = f"{field.label}: invalid cross reference id"
            raise Refusal("INVALID_CROSS_REFERENCE_KEY", message, fields=[field.name])


def _exists(sandbox: Sandbox, target: ObjectType, record_id: str) -> bool:
    sql = f"select 1 from {target.table} where Id = ?"  # noqa: S608 - a name of our schema
    return sandbox.store.value(sql, record_id) is not None


def _check_grant(sandbox: Sandbox, values: Mapping[str, Any]) -> None:
    target = find_type(sandbox.store, str(values["SobjectType"]))
    name = str(values["Field"]).partition(".")[2]
    if target is None or not target.find(name):
        message = f"Field Name: bad value for restricted picklist field: {values['Field']}"
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=["Field"])
    if values.get("PermissionsEdit") and not values.get("PermissionsRead"):
        message = "Field permission edit requires field permission read"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=["PermissionsEdit"])


def _check_unique(
    sandbox: Sandbox, known: ObjectType, values: Mapping[str, Any], names: tuple[str, ...]
) -> None:
    match = " and ".join(f"{name} = ?" for name in names)
    sql = f"select Id from {known.table} where {match} and Id is not ?"  # noqa: S608 - names of our schema
    twin = sandbox.store.value(sql, *(values[name] for name in names), values.get("Id"))
    if twin is not None:
        message = f"duplicate value found: {names[0]} duplicates value on record with id: {twin}"
        raise Refusal("DUPLICATE_VALUE", message, fields=list(names))
