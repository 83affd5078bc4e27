"""JSON from strangers: what no field could hold, and no handler could walk through, is refused."""

import json
from collections.abc import Iterable
from typing import Any

from connectors.sandbox.salesforce.errors import bad_json

_DEEPEST = 100
"""Objects and lists within one another."""


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text, None for an empty one.

    Raises:
        Refusal: JSON_PARSER_ERROR, with the place where there is one.
    """
    if not body.strip():
        return None
    try:
        text = body.decode(json.detect_encoding(body))
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text:
            # An escape may write half a character, which nobody can keep.
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise bad_json(_complaint(error)) from error
    except UnicodeError as error:
        raise bad_json("Invalid UTF-8 in the HTTP entity body") from error
    except ValueError as error:
        # Constants that are no JSON, and integers of thousands of digits.
        raise bad_json("Invalid number in the HTTP entity body") from error
    except RecursionError as error:
        raise _too_deep() from error
    if _depth(value) > _DEEPEST:
        raise _too_deep()
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level and depth <= _DEEPEST:
        level = [inner for outer in level for inner in _inside(outer)]
        depth += 1
    return depth


def _inside(value: Any) -> Iterable[Any]:
    """Return the objects and lists that one holds."""
    held: Iterable[Any] = ()
    if isinstance(value, dict):
        held = value.values()
    elif isinstance(value, list):
        held = value
    return [inner for inner in held if isinstance(inner, dict | list)]


def _too_deep() -> Exception:
    return bad_json(f"The HTTP entity body is nested more than {_DEEPEST} levels deep")


def _complaint(error: json.JSONDecodeError) -> str:
    """Say what is wrong with a body as Salesforce's parser does."""
    place = f"at [line:{error.lineno}, column:{error.colno}]"
    if error.pos >= len(error.doc):
        return f"Unexpected end-of-input in the HTTP entity body {place}"
    character = error.doc[error.pos]
    return (
        f"Unexpected character ('{character}' (code {ord(character)})): expected a valid value "
        f"(number, String, array, object, 'true', 'false' or 'null') {place}"
    )
