"""Values of a wrong type: what Salesforce's JSON parser and its Bulk APIs say of one.

Texts are those of refusals that clients have reported; a place is where the parser stood when it
had read the value.
"""

import json
import re
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.salesforce.schema import Field

_TOKENS: dict[type, str] = {
    bool: "VALUE_{}",
    int: "VALUE_NUMBER_INT",
    float: "VALUE_NUMBER_FLOAT",
    str: "VALUE_STRING",
    dict: "START_OBJECT",
    list: "START_ARRAY",
}
_OPENING: dict[type, str] = {dict: "{", list: "["}


class UnreadableValue(Refusal):
    """A field does not take a value of this type."""

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__("JSON_PARSER_ERROR", _complaint(field.type, value))
        self._field = field
        self._value = value

    def placed(self, body: bytes) -> Refusal:
        """Return the refusal of the request that gives the value, with its line and column."""
        text = body.decode(errors="replace")
        end = _end_of(text, self._field.name, self._value)
        if end is None:
            return self
        line, column = text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end) - 1
        return Refusal(self.code, f"{self.message} at [line:{line}, column:{column + 1}]")

    def in_row(self) -> Refusal:
        """Return the refusal of a row of a Bulk job."""
        message = f"{self._field.label}: value not of required type: {_shown(self._value)}"
        return Refusal("INVALID_TYPE_ON_FIELD_IN_RECORD", message, fields=[self._field.name])


def unreadable_body(value: Any) -> Refusal:
    """A body that is JSON, but no object."""
    return bad_json(f"{_complaint('object', value)} at [line:1, column:1]")


def _complaint(wanted: str, value: Any) -> str:
    shown = _shown(value)
    token = _TOKENS[type(value)].format(shown.upper())
    return (
        f"Cannot deserialize instance of {wanted} from {token} value {shown} "
        "or request may be missing a required field"
    )


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    return _OPENING.get(type(value)) or json.dumps(value)


def _end_of(text: str, name: str, value: Any) -> int | None:
    """Return how far the parser has read once it knows a member and its value."""
    for member in re.finditer(rf'"{re.escape(name)}"\s*:\s*', text, re.IGNORECASE):
        try:
            found, end = json.JSONDecoder().raw_decode(text, member.end())
        except json.JSONDecodeError:
            continue  # It stands within a text.
        if found == value or (isinstance(found, str) and found.strip() == value):
            # Of an object or a list it has read the bracket alone.
            return member.end() + 1 if isinstance(found, dict | list) else end
    return None
