"""Reading what a request asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import (
    Refusal,
    bad_input,
    missing_scopes,
    unknown_object_type,
)
from connectors.sandbox.hubspot.numbers import number_in
from connectors.sandbox.hubspot.oauth.scope_names import scopes_of
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
    settings = sandbox.settings
    if found.name in settings.hubspot_unbought_objects or (
        found == LEADS and not settings.hubspot_has_leads
    ):
        raise missing_scopes(scopes_of(found))
    return found


def json_object(call: Call) -> dict[str, Any]:
    """Return the body, which must be a JSON object.

    Raises:
        Refusal: it is none.
    """
    body = _json(call)
    if not isinstance(body, dict):
        raise bad_input("Invalid input JSON: an object is required")
    return body


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
    number = number_in(text)
    if number is None:
        raise bad_input(f"Invalid {name}: {text}")
    return number


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
    inputs = objects_of(body, "inputs")
    if len(inputs) > most:
        raise bad_input(f"The maximum number of inputs supported in a batch request is {most}")
    check_once([str(entry["id"]) for entry in inputs if "id" in entry])
    return inputs


def check_once(ids: Sequence[str]) -> None:
    """Let a batch pass in which no id comes twice.

    Raises:
        Refusal: with those that do.
    """
    twice = sorted({known for known in ids if ids.count(known) > 1})
    if twice:
        raise bad_input(
            f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique"
        )


def values_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `properties` of an input.

    Raises:
        Refusal: there are none.
    """
    values = object_in(entry, "properties")
    if not values:
        raise Refusal("No properties found to update, please provide at least one.")
    return values


def json_list(call: Call) -> list[Any]:
    """Return the body, which must be a JSON list.

    Raises:
        Refusal: it is none.
    """
    body = _json(call)
    if not isinstance(body, list):
        raise bad_input("Invalid input JSON: a list is required")
    return body


def _json(call: Call) -> Any:
    try:
        return call.json()
    except ValueError:
        raise bad_input("Invalid input JSON") from None


def object_in(body: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object within a body; an empty one when the body lacks it.

    Raises:
        Refusal: it is none.
    """
    found = body.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise bad_input(f"Invalid input JSON: {key} must be an object")
    return found


def objects_of(body: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects within a body; an empty one when the body lacks it.

    Raises:
        Refusal: it is none.
    """
    found = body.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise bad_input(f"Invalid input JSON: {key} must be a list of objects")
    return found


def texts_of(body: Mapping[str, Any], key: str) -> list[str]:
    """Return a list of texts within a body, numbers among them; an empty one when it lacks it.

    Raises:
        Refusal: it is none.
    """
    found = body.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(
        isinstance(entry, str | int | float) for entry in found
    ):
        raise bad_input(f"Invalid input JSON: {key} must be a list of texts")
    return [str(entry) for entry in found]


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
    number = number_in(text.removeprefix("-"))
    if text and number is None:
        raise bad_input(f"Invalid {name}: {text}")
    if number is None:
        return default
    return -number if text.startswith("-") else number
