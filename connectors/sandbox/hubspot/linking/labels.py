"""Labels of associations: HubSpot's, and those that the account defines, also in pairs."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.association_kinds import (
    USER_CATEGORY,
    AssociationType,
    define_type,
    find_type,
    forget_type,
    relabel,
    types_between,
)
from connectors.sandbox.hubspot.errors import already_exists, bad_input, not_found
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.requests import json_object, object_of, required, whole_of
from connectors.sandbox.web import Answer, Call, Endpoint

MOST_PER_PAIR = 50


def list_labels(sandbox: Sandbox, call: Call) -> Answer:
    """GET associations/FROM/TO/labels: every type between the two objects."""
    return Answer(200, {"results": [_label_json(kind) for kind in _between(sandbox, call)]})


def create_label(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/labels: with `inverseLabel`, a pair of labels."""
    body, known = json_object(call), _between(sandbox, call)
    required(body, ("label", "name"))
    label = str(body["label"])
    if any(kind.label == label for kind in known):
        raise already_exists(f"Label '{label}' already exists.")
    if len([kind for kind in known if kind.category == USER_CATEGORY]) >= MOST_PER_PAIR:
        raise bad_input(f"The maximum number of labels between two objects is {MOST_PER_PAIR}")
    names = (object_of(sandbox, call).name, object_of(sandbox, call, "to_object").name)
    made = define_type(sandbox.store, *names, label, str(body.get("inverseLabel") or label))
    kinds = (made,) if made.id == made.back else (made, made.turned)
    return Answer(200, {"results": [_label_json(kind) for kind in kinds]})


def change_label(sandbox: Sandbox, call: Call) -> Answer:
    """PUT associations/FROM/TO/labels: other words for a label of the account's own."""
    body = json_object(call)
    required(body, ("label", "associationTypeId"))
    kind = _own(sandbox, call, whole_of(body, "associationTypeId", 0))
    label = str(body["label"])
    is_paired = kind.label != kind.back_label
    held = kind.back_label if is_paired and kind.back_label is not None else label
    relabel(sandbox.store, kind, label, str(body.get("inverseLabel") or held))
    return Answer(204)


def delete_label(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE associations/FROM/TO/labels/ID: with the associations that had it."""
    forget_type(sandbox.store, _own(sandbox, call, id_of(call.arguments["type_id"])))
    return Answer(204)


def _between(sandbox: Sandbox, call: Call) -> list[AssociationType]:
    from_type, to_type = object_of(sandbox, call), object_of(sandbox, call, "to_object")
    return types_between(sandbox.store, from_type.name, to_type.name)


def _own(sandbox: Sandbox, call: Call, type_id: int) -> AssociationType:
    kind = find_type(sandbox.store, type_id)
    if kind is None or kind not in _between(sandbox, call):
        raise not_found(f"Association type {type_id} does not exist between these objects")
    if kind.category != USER_CATEGORY:
        raise bad_input("HUBSPOT_DEFINED association types cannot be changed or deleted")
    return kind


def _label_json(kind: AssociationType) -> dict[str, Any]:
    return {"category": kind.category, "typeId": kind.id, "label": kind.label}


_ALL = "/crm/v4/associations/{object}/{to_object}/labels"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_labels),
    Endpoint("POST", _ALL, create_label, "write"),
    Endpoint("PUT", _ALL, change_label, "write"),
    Endpoint("DELETE", f"{_ALL}/{{type_id}}", delete_label, "write"),
)
