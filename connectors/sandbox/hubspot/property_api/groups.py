"""Groups of properties over the API."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import already_exists, bad_input, not_found
from connectors.sandbox.hubspot.requests import json_object, object_of, required, whole_of
from connectors.sandbox.hubspot.schema import (
    forget_group,
    group_order,
    groups,
    keep_group,
    properties,
    standard_groups,
)
from connectors.sandbox.web import Answer, Call, Endpoint


def list_groups(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/OBJECT/groups."""
    name = object_of(sandbox, call).name
    listed = [_group_json(sandbox, name, group) for group in groups(sandbox.store, name)]
    return Answer(200, {"results": listed})


def read_group(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/OBJECT/groups/NAME."""
    object_name, name = _named(sandbox, call)
    return Answer(200, _group_json(sandbox, object_name, name))


def create_group(sandbox: Sandbox, call: Call) -> Answer:
    """POST properties/OBJECT/groups."""
    object_name, body = object_of(sandbox, call).name, json_object(call)
    required(body, ("name", "label"))
    name = str(body["name"])
    if name in groups(sandbox.store, object_name):
        raise already_exists(f"A property group named '{name}' already exists.")
    order = whole_of(body, "displayOrder", -1)
    keep_group(sandbox.store, object_name, name, str(body["label"]), order)
    return Answer(201, _group_json(sandbox, object_name, name))


def change_group(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH properties/OBJECT/groups/NAME."""
    object_name, name = _named(sandbox, call)
    body = json_object(call)
    label = str(body.get("label", groups(sandbox.store, object_name)[name]))
    order = whole_of(body, "displayOrder", group_order(sandbox.store, object_name, name))
    keep_group(sandbox.store, object_name, name, label, order)
    return Answer(200, _group_json(sandbox, object_name, name))


def delete_group(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE properties/OBJECT/groups/NAME: neither HubSpot's own nor one with properties."""
    object_name, name = _named(sandbox, call)
    if name in standard_groups(object_name):
        raise bad_input(f"Property group {name} is defined by HubSpot and can't be deleted")
    if any(entry.group == name for entry in properties(sandbox.store, object_name).values()):
        raise bad_input(f"Property group {name} can't be deleted while it has properties")
    forget_group(sandbox.store, object_name, name)
    return Answer(204)


def _named(sandbox: Sandbox, call: Call) -> tuple[str, str]:
    object_name, name = object_of(sandbox, call).name, call.arguments["name"]
    if name not in groups(sandbox.store, object_name):
        raise not_found(f"Property group {name} does not exist")
    return object_name, name


def _group_json(sandbox: Sandbox, object_name: str, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": groups(sandbox.store, object_name)[name],
        "displayOrder": group_order(sandbox.store, object_name, name),
        "archived": False,
    }


_ALL = "/crm/v3/properties/{object}/groups"
_ONE = f"{_ALL}/{{name}}"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_groups),
    Endpoint("POST", _ALL, create_group, "write"),
    Endpoint("GET", _ONE, read_group),
    Endpoint("PATCH", _ONE, change_group, "write"),
    Endpoint("DELETE", _ONE, delete_group, "write"),
)
