"""Properties and their groups: what `provision` of a client works on."""

import re
from dataclasses import replace
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Refusal, bad_input, not_found
from connectors.sandbox.hubspot.requests import json_object, object_of
from connectors.sandbox.hubspot.schema import (
    Property,
    groups,
    keep_group,
    keep_property,
    properties,
)
from connectors.sandbox.web import Answer, Call

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
FIELD_TYPES = {
    "string": {"text", "textarea", "phonenumber", "html", "file"},
    "number": {"number"},
    "datetime": {"date"},
    "date": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
    "bool": {"booleancheckbox"},
}


def list_properties(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/OBJECT."""
    known = properties(sandbox.store, object_of(call).name)
    listed = [entry.to_json() for entry in known.values()]
    return Answer(200, {"results": listed})


def read_property(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/OBJECT/NAME."""
    return Answer(200, _named(sandbox, call).to_json())


def create_property(sandbox: Sandbox, call: Call) -> Answer:
    """POST properties/OBJECT."""
    object_name, body = object_of(call).name, json_object(call)
    _require(body, ("name", "label", "type", "fieldType", "groupName"))
    name = str(body["name"])
    if not _NAME.fullmatch(name):
        raise bad_input(f"Property name {name} must be lowercase letters, digits and underscores")
    if name in properties(sandbox.store, object_name):
        message = f"A property named '{name}' already exists."
        raise Refusal(message, 409, "OBJECT_ALREADY_EXISTS")
    now = sandbox.clock.now_ms
    made = replace(
        _changed(sandbox, object_name, Property(name, "", "", "", "", hubspot_defined=False), body),
        created_at=now,
        updated_at=now,
        unique=body.get("hasUniqueValue") is True,
    )
    keep_property(sandbox.store, object_name, made)
    return Answer(201, made.to_json())


def change_property(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH properties/OBJECT/NAME: not for HubSpot's own."""
    object_name, known = object_of(call).name, _named(sandbox, call)
    if known.hubspot_defined:
        raise bad_input(f"Property {known.name} is defined by HubSpot and can't be changed")
    changed = _changed(sandbox, object_name, known, json_object(call))
    changed = replace(changed, updated_at=sandbox.clock.now_ms)
    keep_property(sandbox.store, object_name, changed)
    return Answer(200, changed.to_json())


def list_groups(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/OBJECT/groups."""
    known = groups(sandbox.store, object_of(call).name)
    listed = [_group_json(name, label) for name, label in known.items()]
    return Answer(200, {"results": listed})


def create_group(sandbox: Sandbox, call: Call) -> Answer:
    """POST properties/OBJECT/groups."""
    object_name, body = object_of(call).name, json_object(call)
    _require(body, ("name", "label"))
    name, label = str(body["name"]), str(body["label"])
    if name in groups(sandbox.store, object_name):
        message = f"A property group named '{name}' already exists."
        raise Refusal(message, 409, "OBJECT_ALREADY_EXISTS")
    keep_group(sandbox.store, object_name, name, label)
    return Answer(201, _group_json(name, label))


def _named(sandbox: Sandbox, call: Call) -> Property:
    name = call.arguments["name"]
    known = properties(sandbox.store, object_of(call).name).get(name)
    if known is None:
        raise not_found(f"Property {name} does not exist")
    return known


def _changed(sandbox: Sandbox, object_name: str, known: Property, body: dict[str, Any]) -> Property:
    changed = replace(
        known,
        label=str(body.get("label", known.label)),
        type=str(body.get("type", known.type)),
        field_type=str(body.get("fieldType", known.field_type)),
        group=str(body.get("groupName", known.group)),
        description=str(body.get("description", known.description)),
        options=_options(body) if "options" in body else known.options,
    )
    if changed.field_type not in FIELD_TYPES.get(changed.type, ()):
        raise bad_input(f"Field type {changed.field_type} does not go with type {changed.type}")
    if changed.group not in groups(sandbox.store, object_name):
        raise bad_input(f"Property group {changed.group} does not exist")
    return changed


def _options(body: dict[str, Any]) -> dict[str, str]:
    return {str(option["value"]): str(option["label"]) for option in body["options"] or ()}


def _require(body: dict[str, Any], names: tuple[str, ...]) -> None:
    missing = [name for name in names if not body.get(name)]
    if missing:
        errors = [
            {
                "message": f"Some required fields were not set: [{name}]",
                "code": "REQUIRED_FIELD",
                "context": {"propertyName": [name]},
            }
            for name in missing
        ]
        message = f"Invalid input JSON: some required fields were not set: {missing}"
        raise bad_input(message, errors)


def _group_json(name: str, label: str) -> dict[str, Any]:
    return {"name": name, "label": label, "displayOrder": -1, "archived": False}
