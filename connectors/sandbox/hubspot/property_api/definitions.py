"""Definitions of properties over the API, one by one and in batches."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import completed
from connectors.sandbox.hubspot.errors import Refusal, bad_input, not_found
from connectors.sandbox.hubspot.property_api.definition_rules import changed_property, made_property
from connectors.sandbox.hubspot.requests import inputs_of, is_true, json_object, object_of
from connectors.sandbox.hubspot.schema import (
    Property,
    archived_properties,
    keep_property,
    properties,
)
from connectors.sandbox.web import Answer, Call, Endpoint

MOST_INPUTS = 100


def list_properties(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/OBJECT: the living ones, or the archived ones; sensitive ones when asked."""
    known = _known(sandbox, object_of(sandbox, call).name, is_true(call.one("archived")))
    wanted = call.one("dataSensitivity", "non_sensitive")
    shown = [entry.to_json() for entry in known.values() if entry.sensitivity == wanted]
    return Answer(200, {"results": shown})


def read_property(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/OBJECT/NAME; an archived one only with archived=true."""
    return Answer(200, _named(sandbox, call, is_true(call.one("archived"))).to_json())


def create_property(sandbox: Sandbox, call: Call) -> Answer:
    """POST properties/OBJECT; the name of an archived one is free again."""
    object_name = object_of(sandbox, call).name
    return Answer(201, _create(sandbox, object_name, json_object(call)).to_json())


def _create(sandbox: Sandbox, object_name: str, body: Mapping[str, Any]) -> Property:
    made = made_property(sandbox, object_name, body)
    keep_property(sandbox.store, object_name, made)
    return made


def change_property(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH properties/OBJECT/NAME."""
    object_name, known = object_of(sandbox, call).name, _named(sandbox, call)
    changed = changed_property(sandbox, object_name, known, json_object(call))
    keep_property(sandbox.store, object_name, changed)
    return Answer(200, changed.to_json())


def archive_property(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE properties/OBJECT/NAME: it takes no more values, and its values are not shown."""
    _archive(sandbox, object_of(sandbox, call).name, _named(sandbox, call))
    return Answer(204)


def _archive(sandbox: Sandbox, object_name: str, known: Property) -> None:
    if known.hubspot_defined:
        raise bad_input(f"Property {known.name} is defined by HubSpot and can't be archived")
    gone = replace(known, archived_at=sandbox.clock.now_ms, updated_at=sandbox.clock.now_ms)
    keep_property(sandbox.store, object_name, gone)


def read_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST properties/OBJECT/batch/read: unknown names make the answer a 207."""
    object_name, body = object_of(sandbox, call).name, json_object(call)
    known = _known(sandbox, object_name, body.get("archived") is True)
    names = [str(entry.get("name", "")) for entry in inputs_of(body, MOST_INPUTS)]
    results = [known[name].to_json() for name in names if name in known]
    errors = [_missing(name) for name in names if name not in known]
    return completed(sandbox, results, errors)


def create_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST properties/OBJECT/batch/create: what is refused does not keep the others back."""
    object_name = object_of(sandbox, call).name
    results, errors = [], []
    for entry in inputs_of(json_object(call), MOST_INPUTS):
        try:
            results.append(_create(sandbox, object_name, entry).to_json())
        except Refusal as refusal:
            told = {"category": refusal.category, "message": refusal.message}
            context = {"name": [str(entry.get("name", ""))]}
            errors.append({"status": "error", **told, "context": context})
    return completed(sandbox, results, errors, 201)


def archive_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST properties/OBJECT/batch/archive: says nothing about names that are not there."""
    object_name = object_of(sandbox, call).name
    known = properties(sandbox.store, object_name)
    for entry in inputs_of(json_object(call), MOST_INPUTS):
        if (found := known.get(str(entry.get("name", "")))) is not None:
            _archive(sandbox, object_name, found)
    return Answer(204)


def _known(sandbox: Sandbox, object_name: str, archived: bool) -> Mapping[str, Property]:
    if archived:
        return archived_properties(sandbox.store, object_name)
    return properties(sandbox.store, object_name)


def _named(sandbox: Sandbox, call: Call, archived: bool = False) -> Property:
    name = call.arguments["name"]
    known = _known(sandbox, object_of(sandbox, call).name, archived).get(name)
    if known is None:
        raise not_found(f"Property {name} does not exist")
    return known


def _missing(name: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Property {name} does not exist",
        "context": {"name": [name]},
    }


_ALL = "/crm/v3/properties/{object}"
_ONE = f"{_ALL}/{{name}}"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_properties),
    Endpoint("POST", _ALL, create_property, "write"),
    Endpoint("POST", f"{_ALL}/batch/read", read_batch),
    Endpoint("POST", f"{_ALL}/batch/create", create_batch, "write"),
    Endpoint("POST", f"{_ALL}/batch/archive", archive_batch, "write"),
    Endpoint("GET", _ONE, read_property),
    Endpoint("PATCH", _ONE, change_property, "write"),
    Endpoint("DELETE", _ONE, archive_property, "write"),
)
