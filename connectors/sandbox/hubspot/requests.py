"""Reading what a request asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import (
    Refusal,
    bad_input,
    not_permitted,
    unknown_object_type,
)
from connectors.sandbox.hubspot.object_types import LEADS, ObjectType, find_object_type
from connectors.sandbox.web import Call


def object_of(sandbox: Sandbox, call: Call, argument: str = "object") -> ObjectType:
    """Return the object type that a part of the path names.

    Raises:
        Refusal: the account has no such object, or has not bought it.
    """
    return known_object_type(sandbox, call.arguments[argument])


def known_object_type(sandbox: Sandbox, name: str) -> ObjectType:
    """Return the object type of a name, as a path or a parameter spells it.

    Raises:
        Refusal: the account has no such object, or has not bought it.
    """
    found = find_object_type(sandbox.store, name)
    if found is None:
        raise unknown_object_type(name)
    if found == LEADS and not sandbox.settings.hubspot_has_leads:
        raise not_permitted(found.name)
    return found


def json_object(call: Call) -> dict[str, Any]:
    """Return the body, which must be a JSON object.

    Raises:
        Refusal: it is none.
    """
    try:
        body = call.json()
    except ValueError:
        raise bad_input("Invalid input JSON") from None
    if not isinstance(body, dict):
        raise bad_input("Invalid input JSON: an object is required")
    return body


def id_of(text: str) -> int:
    """Return a record id from a path or a body; 0, which nobody has, for what is no number."""
    return int(text) if text.isdigit() else 0


def is_true(text: str) -> bool:
    """Return whether a query parameter says true, in any case."""
    return text.lower() == "true"


def whole_number(text: str, name: str, default: int) -> int:
    """Return a parameter that must be a whole number.

    Raises:
        Refusal: it is none.
    """
    if text == "":
        return default
    if not text.isdigit():
        raise bad_input(f"Invalid {name}: {text}")
    return int(text)


def page_limit(call: Call, default: int, most: int) -> int:
    """Return the `limit` parameter.

    Raises:
        Refusal: it is no number, or more than the endpoint gives.
    """
    limit = whole_number(call.one("limit"), "limit", default)
    if not 0 < limit <= most:
        raise bad_input(f"The limit parameter must be between 1 and {most}, was {limit}")
    return limit


def inputs_of(body: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """Return the inputs of a batch; none when the body lacks them, which is no error.

    Raises:
        Refusal: too many, malformed, or an id that comes twice.
    """
    inputs = body.get("inputs") or []
    if not isinstance(inputs, list) or not all(isinstance(entry, dict) for entry in inputs):
        raise bad_input("Invalid input JSON: inputs must be a list of objects")
    if len(inputs) > most:
        raise bad_input(f"The maximum number of inputs supported in a batch request is {most}")
    ids = [str(entry["id"]) for entry in inputs if "id" in entry]
    twice = sorted({known for known in ids if ids.count(known) > 1})
    if twice:
        raise bad_input(
            f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique"
        )
    return inputs


def values_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `properties` of an input.

    Raises:
        Refusal: there are none.
    """
    values = entry.get("properties")
    if not isinstance(values, dict) or not values:
        raise Refusal("No properties found to update, please provide at least one.")
    return values


def names_of(body: Mapping[str, Any], key: str) -> Sequence[str]:
    """Return a list of names from a body."""
    return [str(name) for name in body.get(key) or ()]


def required(body: Mapping[str, Any], names: Sequence[str]) -> None:
    """Let a body pass that has a value under every name.

    Raises:
        Refusal: with every name that is missing.
    """
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


def whole_of(body: Mapping[str, Any], name: str, default: int) -> int:
    """Return a whole number from a body, also one in a text.

    Raises:
        Refusal: it is none.
    """
    value = body.get(name)
    text = "" if value is None else str(value)
    return (
        -whole_number(text[1:], name, default)
        if text[:1] == "-"
        else whole_number(text, name, default)
    )
