"""What a request gives for a record, turned into values that may be kept."""

import json
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal, bad_json, no_such_column
from connectors.sandbox.salesforce.keys import reference_key, referred_id
from connectors.sandbox.salesforce.permissions import (
    editable_fields,
    find_visible,
    readable_fields,
)
from connectors.sandbox.salesforce.relationships import reference_of
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.values import check_value

Values = dict[str, Any]
_NO_FIELDS = frozenset({"attributes", "id"})
"""Keys of a record that say which one it is."""


def checked_values(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any], author: Author, creating: bool
) -> Values:
    """Return the given values as they are kept, by the names of their fields.

    Raises:
        Refusal: a field that is not there, not visible or not open, or a value it doesn't take.
    """
    if known.read_only:
        raise unsupported(known, "create" if creating else "update")
    wanted = {name: value for name, value in given.items() if name.lower() not in _NO_FIELDS}
    wanted = _with_references(sandbox, known, wanted, author)
    readable, editable = _granted(sandbox, known, author)
    fields = {name: _visible(known, readable, name) for name in wanted}
    barred = [f.name for f in fields.values() if not _is_open(f, editable, creating)]
    if barred:
        verb = "create" if creating else "update"
        raise Refusal(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            f"Unable to {verb} fields: {', '.join(barred)}. Please check the security settings of "
            "this field and verify that it is read/write for your profile or permission set.",
            fields=barred,
        )
    return {fields[name].name: check_value(fields[name], value) for name, value in wanted.items()}


def require_values(known: ObjectType, values: Mapping[str, Any]) -> None:
    """Check that nothing is empty that a user has to fill in.

    Raises:
        Refusal: something is.
    """
    missing = [
        field.name
        for field in known.fields.values()
        if field.createable and not field.nillable and values.get(field.name) is None
    ]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise Refusal("REQUIRED_FIELD_MISSING", message, fields=missing)


def unsupported(known: ObjectType, verb: str) -> Refusal:
    """A write to an object that only Salesforce writes."""
    message = f"entity type {known.name} does not support {verb}"
    return Refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)


def named_type(record: Mapping[str, Any]) -> Any:
    """Return what the attributes of a record say it is, or None.

    Raises:
        Refusal: attributes that are no object.
    """
    attributes = record.get("attributes")
    if attributes is not None and not isinstance(attributes, Mapping):
        raise bad_json("attributes: an object is required")
    return (attributes or {}).get("type")


def type_of(sandbox: Sandbox, record: Mapping[str, Any]) -> ObjectType:
    """Return the object that the attributes of a record name.

    Raises:
        Refusal: they name none, or one that is not there.
    """
    name = named_type(record)
    if not isinstance(name, str):
        raise Refusal("INVALID_TYPE", "Must send a concrete entity type.")
    known = find_visible(sandbox, name)
    if known is None:
        raise Refusal("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return known


def _with_references(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any], author: Author
) -> Values:
    """Replace references by an external id, {"Account": {"Key__c": "7"}}, by ids."""
    values: Values = {}
    for name, value in given.items():
        is_record = isinstance(value, Mapping)
        field = reference_of(known.fields.values(), name) if is_record else None
        if field is None:
            values[name] = value
        else:
            values[field.name] = _referred_id(sandbox, field, value, author)
    return values


def _referred_id(sandbox: Sandbox, field: Field, value: Mapping[str, Any], author: Author) -> str:
    named = named_type(value) or field.refers_to[0]
    target = find_visible(sandbox, str(named))
    keys = [name for name in value if name.lower() != "attributes"]
    if target is None or target.name not in field.refers_to or len(keys) != 1:
        message = (
            "More than 1 field provided in an external foreign key reference in entity: "
            f"{named}: {json.dumps(keys)}"
        )
        raise Refusal("INVALID_FIELD", message)
    visible, _ = _granted(sandbox, target, author)
    key = reference_key(target, visible, keys[0])
    return referred_id(sandbox, target, key, value[keys[0]])


def _granted(
    sandbox: Sandbox, known: ObjectType, author: Author
) -> tuple[Mapping[str, Field], Mapping[str, Field]]:
    if author.sees_all_fields:
        return known.fields, known.fields
    return readable_fields(sandbox.store, known), editable_fields(sandbox.store, known)


def _visible(known: ObjectType, readable: Mapping[str, Field], name: str) -> Field:
    field = known.find(name)
    if field is None or field.name not in readable:
        raise no_such_column(name, known.name)
    return field


def _is_open(field: Field, editable: Mapping[str, Field], creating: bool) -> bool:
    return field.name in editable and (field.createable if creating else field.updateable)
