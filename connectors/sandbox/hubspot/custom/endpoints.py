"""The schemas API: making, listing, changing and deleting custom objects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View
from connectors.sandbox.hubspot.association_kinds import AssociationType, plain_between
from connectors.sandbox.hubspot.custom.schemas import (
    CustomObject,
    custom_object_of,
    forget_schema,
    keep_schema,
    make_object,
    qualified,
    schemas,
)
from connectors.sandbox.hubspot.errors import bad_input, not_found
from connectors.sandbox.hubspot.object_types import ObjectType, find_object_type, keep_object_type
from connectors.sandbox.hubspot.requests import (
    json_object,
    known_object_type,
    object_in,
    object_of,
    objects_of,
    required,
    texts_of,
)
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.web import Answer, Call, Endpoint


def list_schemas(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET schemas: all at once, without pages."""
    return Answer(200, {"results": [_view(sandbox, known) for known in schemas(sandbox.store)]})


def read_schema(sandbox: Sandbox, call: Call) -> Answer:
    """GET schemas/OBJECT."""
    return Answer(200, _view(sandbox, _named(sandbox, call)))


def create_schema(sandbox: Sandbox, call: Call) -> Answer:
    """POST schemas: the object with its properties and what it may be associated with."""
    body = json_object(call)
    required(body, ("name", "labels", "properties"))
    own, labels = objects_of(body, "properties"), _labels(body)
    names = [str(entry.get("name")) for entry in own]
    now = sandbox.clock.now_ms
    targets = [known_object_type(sandbox, n).name for n in texts_of(body, "associatedObjects")]
    schema = CustomObject(
        qualified(body),
        labels,
        str(body.get("primaryDisplayProperty") or names[0]),
        now,
        now,
        _description(body),
        tuple(texts_of(body, "secondaryDisplayProperties")),
        tuple(targets),
    )
    lists = {
        "required": texts_of(body, "requiredProperties"),
        "searchable": texts_of(body, "searchableProperties") or [schema.primary],
    }
    listed = (*lists["required"], *lists["searchable"])
    _check_listed(names, (schema.primary, *schema.secondary, *listed))
    make_object(sandbox, schema, own, lists)
    return Answer(201, _view(sandbox, schema))


def change_schema(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH schemas/OBJECT: labels, and which properties are required, searchable or shown."""
    schema, body = _named(sandbox, call), json_object(call)
    object_type = object_of(sandbox, call)
    changed = replace(
        schema,
        labels={**schema.labels, **_labels(body)},
        primary=str(body.get("primaryDisplayProperty", schema.primary)),
        description=_description(body) if "description" in body else schema.description,
        secondary=_changed(body, "secondaryDisplayProperties", schema.secondary),
        updated_at=sandbox.clock.now_ms,
    )
    kept = replace(
        object_type,
        required=_changed(body, "requiredProperties", object_type.required),
        searchable=_changed(body, "searchableProperties", object_type.searchable),
    )
    known = list(properties(sandbox.store, object_type.name))
    listed = (*kept.required, *kept.searchable)
    _check_listed(known, (changed.primary, *changed.secondary, *listed))
    keep_schema(sandbox.store, changed)
    keep_object_type(sandbox.store, kept)
    return Answer(200, _view(sandbox, changed))


def delete_schema(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE schemas/OBJECT: only once it has no records."""
    _named(sandbox, call)
    forget_schema(sandbox.store, object_of(sandbox, call))
    return Answer(204)


def _labels(body: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(label) for name, label in object_in(body, "labels").items()}


def _description(body: Mapping[str, Any]) -> str | None:
    text = body.get("description")
    return None if text is None else str(text)


def _changed(body: Mapping[str, Any], key: str, held: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(texts_of(body, key)) if key in body else held


def _check_listed(known: Sequence[str], wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in known]
    if missing:
        raise bad_input(f"Properties of the schema don't exist: {', '.join(missing)}")


def _named(sandbox: Sandbox, call: Call) -> CustomObject:
    object_type = find_object_type(sandbox.store, call.arguments["object"])
    schema = None if object_type is None else custom_object_of(sandbox.store, object_type)
    if schema is None:
        raise not_found(f"Unable to infer object type from: {call.arguments['object']}")
    return schema


def _view(sandbox: Sandbox, schema: CustomObject) -> View:
    object_type = known_object_type(sandbox, schema.name)
    known = properties(sandbox.store, schema.name)
    return {
        "labels": dict(schema.labels),
        "requiredProperties": list(object_type.required),
        "searchableProperties": list(object_type.searchable),
        "primaryDisplayProperty": schema.primary,
        "secondaryDisplayProperties": list(schema.secondary),
        "description": schema.description,
        "metaType": "PORTAL_SPECIFIC",
        "id": object_type.type_id.removeprefix("2-"),
        "fullyQualifiedName": schema.name,
        "objectTypeId": object_type.type_id,
        "name": object_type.singular,
        "createdAt": instant(from_ms(schema.created_at)),
        "updatedAt": instant(from_ms(schema.updated_at)),
        "archived": False,
        "properties": [entry.to_json() for entry in known.values()],
        "associations": _associations(sandbox, object_type, schema),
    }


def _associations(sandbox: Sandbox, object_type: ObjectType, schema: CustomObject) -> list[View]:
    """Return the types of associations that the object has, in both directions."""
    views = []
    for name in schema.associated:
        target = known_object_type(sandbox, name)
        kind = plain_between(sandbox.store, object_type, target)
        if kind is not None:
            pair = (object_type, target)
            views += [_kind(schema, kind, *pair), _kind(schema, kind.turned, *pair[::-1])]
    return views


def _kind(
    schema: CustomObject, kind: AssociationType, source: ObjectType, target: ObjectType
) -> View:
    return {
        "id": str(kind.id),
        "fromObjectTypeId": source.type_id,
        "toObjectTypeId": target.type_id,
        "name": f"{source.singular}_to_{target.singular}",
        "createdAt": instant(from_ms(schema.created_at)),
        "updatedAt": instant(from_ms(schema.updated_at)),
    }


_SCHEMAS = "/crm-object-schemas/v3/schemas"
ENDPOINTS = (
    Endpoint("GET", _SCHEMAS, list_schemas),
    Endpoint("POST", _SCHEMAS, create_schema, "write"),
    Endpoint("GET", f"{_SCHEMAS}/{{object}}", read_schema),
    Endpoint("PATCH", f"{_SCHEMAS}/{{object}}", change_schema, "write"),
    Endpoint("DELETE", f"{_SCHEMAS}/{{object}}", delete_schema, "write"),
)
