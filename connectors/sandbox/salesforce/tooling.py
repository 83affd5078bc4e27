"""The corner of the Tooling API that creates custom fields."""

import re
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.handlers import json_object
from connectors.sandbox.salesforce.ids import new_id
from connectors.sandbox.salesforce.schema import Field, ObjectType, add_custom_field, find_type
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.web import Answer, Call

_NAME = re.compile(r"(?=.{1,43}$)[A-Za-z](?:_?[A-Za-z0-9])*__c")
_OPEN_TO_FIELDS = frozenset({"Lead", "Contact", "Account", "Opportunity"})


def create_field(sandbox: Sandbox, call: Call) -> Answer:
    """POST tooling/sobjects/CustomField {FullName, Metadata}; nobody may see the field yet."""
    body = json_object(call)
    known, name = _place(sandbox, body.get("FullName"))
    field = _field(name, body.get("Metadata") or {})
    if known.find(name):
        raise Refusal(
            "DUPLICATE_DEVELOPER_NAME",
            f"There is already a field named {name.removesuffix('__c')} on {known.label}.",
        )
    add_custom_field(sandbox.store, known.name, field)
    return Answer(201, {"id": _keep(sandbox, known, name), "success": True, "errors": []})


def _place(sandbox: Sandbox, full_name: Any) -> tuple[ObjectType, str]:
    object_name, _, name = str(full_name or "").partition(".")
    known = find_type(sandbox.store, object_name)
    if known is None or known.name not in _OPEN_TO_FIELDS:
        message = (
            f"Entity Enumeration Or ID: bad value for restricted picklist field: {object_name}"
        )
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message)
    if not _NAME.fullmatch(name):
        message = f"Custom Field Name: invalid value for field: {name}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    return known, name


_PLAIN_TYPES = {"DateTime": "datetime", "Date": "date", "Checkbox": "boolean"}
"""Custom field types without measures, and what describe calls them."""


def _field(name: str, metadata: dict[str, Any]) -> Field:
    label = metadata.get("label")
    if not label:
        raise Refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [Label]")
    kind = metadata.get("type")
    if kind == "Text":
        length = _between(metadata, "length", 1, 255)
        return Field(name, label, "string", length=length, custom=True)
    if kind == "Number":
        precision, scale = (
            _between(metadata, "precision", 1, 18),
            _between(metadata, "scale", 0, 17),
        )
        return Field(name, label, "double", precision=precision, scale=scale, custom=True)
    if kind in _PLAIN_TYPES:
        return Field(name, label, _PLAIN_TYPES[kind], custom=True)
    if kind == "LongTextArea":
        length = _between(metadata, "length", 256, 131_072)
        return Field(name, label, "textarea", length=length, custom=True)
    message = f"Type: bad value for restricted picklist field: {kind}"
    raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message)


def _between(metadata: dict[str, Any], name: str, least: int, most: int) -> int:
    value = metadata.get(name)
    if not isinstance(value, int) or not least <= value <= most:
        message = f"Can not specify '{name}' {value}: it is between {least} and {most}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    return value


def _keep(sandbox: Sandbox, known: ObjectType, name: str) -> str:
    field_id, now = new_id(sandbox.store, "00N"), stamp(sandbox.clock.now)
    sandbox.store.run(
        "insert into salesforce_CustomField "
        "(Id, DeveloperName, TableEnumOrId, CreatedDate, LastModifiedDate) values (?, ?, ?, ?, ?)",
        field_id,
        name.removesuffix("__c"),
        known.name,
        now,
        now,
    )
    return field_id
