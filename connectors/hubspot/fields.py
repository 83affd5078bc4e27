"""Our own properties in HubSpot, in a group of their own.

Source: developers.hubspot.com, "Properties API" (types and field types).
"""

from collections.abc import Mapping, Sequence

from connectors.changes import OwnField, ProvisionResult
from connectors.errors import ConflictError
from connectors.hubspot.answers import Created, GroupList
from connectors.hubspot.client import HubSpotClient
from connectors.records import FieldType

GROUP = "leadcycle"
ONE_LINE = 80
"""Longer texts get a field of several lines."""


def provision_properties(
    client: HubSpotClient, object_name: str, fields: Sequence[OwnField]
) -> list[ProvisionResult]:
    """Create the group and properties that are missing. Repeating it changes nothing."""
    groups = client.get(client.paths.property_groups(object_name), {}, GroupList).results
    if GROUP not in {group.name for group in groups}:
        _create(client, client.paths.property_groups(object_name), _GROUP_BODY)
    present = {found.name for found in client.properties(object_name)}
    return [_ensure(client, object_name, field, present) for field in fields]


def describe_property(field: OwnField) -> dict[str, object]:
    """Return the property as HubSpot takes it."""
    return {
        "name": field.name,
        "label": field.label,
        "description": field.description,
        "groupName": GROUP,
        **({"hasUniqueValue": True} if field.is_key else {}),
        **_shape(field),
    }


def _ensure(
    client: HubSpotClient, object_name: str, field: OwnField, present: set[str]
) -> ProvisionResult:
    if field.name in present:
        return ProvisionResult(field.name, "present")
    created = _create(client, client.paths.properties(object_name), describe_property(field))
    return ProvisionResult(field.name, "created" if created else "present")


def _create(client: HubSpotClient, path: str, body: Mapping[str, object]) -> bool:
    """Create something by name; return False where another run was quicker."""
    try:
        client.post(path, body, Created)
    except ConflictError:
        return False
    return True


def _shape(field: OwnField) -> Mapping[str, object]:
    if field.type == "string" and field.length > ONE_LINE:
        return {"type": "string", "fieldType": "textarea"}
    return _SHAPES[field.type]


_GROUP_BODY: Mapping[str, object] = {"name": GROUP, "label": "Leadcycle"}

_SHAPES: Mapping[FieldType, Mapping[str, object]] = {
    "string": {"type": "string", "fieldType": "text"},
    "integer": {"type": "number", "fieldType": "number"},
    "decimal": {"type": "number", "fieldType": "number"},
    "boolean": {
        "type": "bool",
        "fieldType": "booleancheckbox",
        "options": [
            {"label": "Yes", "value": "true", "displayOrder": 0},
            {"label": "No", "value": "false", "displayOrder": 1},
        ],
    },
    "date": {"type": "date", "fieldType": "date"},
    "datetime": {"type": "datetime", "fieldType": "date"},
}
