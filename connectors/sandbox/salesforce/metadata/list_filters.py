"""What a list view shows, as SOQL.

Source: Metadata API Developer Guide, "ListView": standard fields go by the names that list views
have had since before the API, custom ones by their own.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata.field_types import Metadata
from connectors.sandbox.salesforce.metadata.filter_logic import Logic, as_soql, read_logic
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.soql.periods import is_period

_OLD_NAMES = {
    "FULL_NAME": "Name",
    "CONTACT.PHONE1": "Phone",
    "CONTACT.PHONE3": "MobilePhone",
    "LAST_UPDATE": "LastModifiedDate",
    "LEAD.LAST_UPDATE": "LastModifiedDate",
    "CORE.USERS.ALIAS": "OwnerId",
    "CORE.USER.ALIAS": "OwnerId",
    "CORE.USERS.FULL_NAME": "OwnerId",
    "LEAD.STREET": "Street",
    "SALES.ACCOUNT.NAME": "AccountId",
    "ACCOUNT.NAME": "AccountId",
}
_NUMBERS = frozenset({"int", "double", "currency", "percent"})
_BARE = {
    "number": re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII),
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "datetime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII | re.IGNORECASE),
}
"""What SOQL takes without quotes, by type; for dates also periods."""
_DATES = frozenset({"date", "datetime"})
_LONG = 255
"""Characters beyond which a text can't be filtered by."""
_SIGNS = {
    "equals": "=",
    "notEqual": "!=",
    "lessThan": "<",
    "greaterThan": ">",
    "lessOrEqual": "<=",
    "greaterOrEqual": ">=",
}
_PATTERNS = {"contains": "%{}%", "notContain": "%{}%", "startsWith": "{}%"}
_NEGATED = frozenset({"notEqual", "notContain", "excludes"})


def column_of(known: ObjectType, name: str) -> Field:
    """Return the field that a list view calls so.

    Raises:
        Refusal: there is none.
    """
    plain = _OLD_NAMES.get(name.upper())
    if plain is None:
        prefix, _, rest = name.rpartition(".")
        own = prefix.upper() in ("", known.name.upper())
        plain = name if name.endswith("__c") else rest.replace("_", "") if own else ""
    field = known.find(plain)
    if field is None:
        message = f"Could not resolve list view column: {name}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    return field


def columns_of(known: ObjectType, view: Metadata) -> list[Field]:
    """Return the fields that a list view shows.

    Raises:
        Refusal: one is none.
    """
    return [column_of(known, name) for name in view.get("columns", ())]


def condition_of(known: ObjectType, view: Metadata, user_id: str) -> str:
    """Return the list view's WHERE clause without the word, or an empty text.

    Raises:
        Refusal: a filter by a field that can't be filtered by, or a scope that needs more.
    """
    listed = view.get("filters", ())
    filters = [_filter(known, entry) for entry in listed]
    parts = [as_soql(logic_of(view), filters)] if filters else []
    if view.get("filterScope") == "Mine":
        parts.append(f"OwnerId = '{user_id}'")
    elif view.get("filterScope") != "Everything":
        message = f"Filter scope {view.get('filterScope')} is not available for {known.label}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    if known.name == "Lead":
        parts.append("IsConverted = false")
    return " AND ".join(parts)


def logic_of(view: Metadata) -> Logic:
    """Return how the filters of a list view, which has some, go together.

    Raises:
        Refusal: its logic makes no sense.
    """
    return read_logic(view.get("booleanFilter"), len(view.get("filters", ())))


def _filter(known: ObjectType, entry: Mapping[str, Any]) -> str:
    field, operation = column_of(known, str(entry.get("field"))), str(entry.get("operation"))
    if field.type == "textarea" and field.length > _LONG:
        message = f"Invalid filter: field {field.label} can not be filtered"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    values = [value.strip() for value in _text(entry.get("value")).split(",")]
    write = _comparison(operation)
    word = " AND " if operation in _NEGATED else " OR "
    return "(" + word.join(write(field, value) for value in values) + ")"


def _text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value or "")


def _comparison(operation: str) -> Callable[[Field, str], str]:
    if operation in _SIGNS:
        return lambda field, value: f"{field.name} {_SIGNS[operation]} {_literal(field, value)}"
    if operation in _PATTERNS:
        frame = "(NOT {})" if operation in _NEGATED else "{}"
        pattern = _PATTERNS[operation]
        return lambda field, value: frame.format(
            f"{field.name} LIKE '{pattern.format(_plain_pattern(value))}'"
        )
    if operation in ("includes", "excludes"):
        return lambda field, value: f"{field.name} {operation.upper()} ('{_quoted(value)}')"
    message = f"'{operation}' is not a valid value for the enum 'FilterOperation'"
    raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)


def _literal(field: Field, value: str) -> str:
    if value == "":
        return "null"
    if field.type == "boolean":
        return "true" if value.lower() in ("1", "true") else "false"
    bare = _BARE.get("number" if field.type in _NUMBERS else field.type)
    if bare is not None:
        is_known_period = field.type in _DATES and is_period(value)
        if not is_known_period and not bare.fullmatch(value):
            message = f"Invalid filter: {value} is no value of field {field.label}"
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
        return value
    return f"'{_quoted(value)}'"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _plain_pattern(value: str) -> str:
    """Return a text as it stands in a pattern that it is to match as it is."""
    return re.sub(r"([%_])", r"\\\1", _quoted(value))
