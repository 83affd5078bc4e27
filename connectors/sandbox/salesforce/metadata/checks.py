"""Definitions against the parts that their type has, whichever API they came by.

What is kept is read back as XML, so that nothing may be kept that XML can't hold.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata.parts import PART_TYPES, PARTS, REPEATED

_ELEMENT = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ANY = ""
"""A type that takes any parts."""
_OF_TOOLING = {"CustomValue": frozenset({"valueName", "urls"})}
"""Parts that only the Tooling API calls so."""
_LISTS = REPEATED | {"summaryFilterItems", "sharedTo"}
_TEXTS = frozenset(
    {
        *("booleanFilter", "columns", "deleteConstraint", "description", "field", "filterScope"),
        *("formula", "formulaTreatBlanksAs", "fullName", "inlineHelpText", "label", "object"),
        *("operation", "referenceTo", "relationshipLabel", "relationshipName", "type"),
        *("valueName", "valueSetName"),
    }
)
"""Parts that are texts wherever they stand; others may be truths and numbers, too."""


def check_definition(type_name: str, metadata: Mapping[str, Any]) -> None:
    """Check that a definition has no parts but those of its type, and values that they can have.

    Raises:
        Refusal: a part of another type, or a value of another kind.
    """
    known = PARTS.get(type_name)
    allowed = None if known is None else known | _OF_TOOLING.get(type_name, frozenset())
    for part, value in metadata.items():
        if not _ELEMENT.fullmatch(part) or (allowed is not None and part not in allowed):
            message = f"No such column '{part}' on sobject of type {type_name}"
            raise Refusal("INVALID_FIELD", message)
        may_be_list = part in _LISTS or known is None
        for one in value if isinstance(value, list) and may_be_list else [value]:
            _check_value(type_name, part, one)


def _check_value(type_name: str, part: str, value: Any) -> None:
    inner = _type_of(type_name, part)
    if isinstance(value, Mapping) and part not in _TEXTS:
        check_definition(inner, value)
    elif value is not None and not _is_plain(part, inner, value):
        kind = type(value).__name__
        message = f"Cannot deserialize the part {part} of {type_name} from a value of type {kind}"
        raise Refusal("JSON_PARSER_ERROR", message)


def _type_of(type_name: str, part: str) -> str:
    # The value of a filter is a text, that of a set of values is not.
    is_filter = part == "value" and type_name != "ValueSetValuesDefinition"
    return _ANY if is_filter else PART_TYPES.get(part, _ANY)


def _is_plain(part: str, inner: str, value: Any) -> bool:
    if inner:
        return False
    return isinstance(value, str if part in _TEXTS else str | bool | int | float)
