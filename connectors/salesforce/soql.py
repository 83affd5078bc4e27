"""SOQL text. Every value enters a query through `literal`, every name through `name`."""

import re
from collections.abc import Sequence
from datetime import datetime

from simple_salesforce.format import quote_soql_value

from connectors.values import format_datetime

_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)?")


def literal(value: str | bool | datetime | Sequence[str]) -> str:
    """Return a value quoted for SOQL; datetimes keep their milliseconds (UTC)."""
    if isinstance(value, datetime):
        return format_datetime(value)
    return str(quote_soql_value(value if isinstance(value, str | bool) else list(value)))


def name(text: str) -> str:
    """Return an object's or a field's API name.

    Raises:
        ValueError: for anything else.
    """
    if not _NAME.fullmatch(text):
        raise ValueError(f"not a Salesforce name: {text!r}")
    return text


def select_changes(
    object_name: str, fields: Sequence[str], stamp: str, floor: datetime | None
) -> str:
    """Return the query of what changed from the floor on, oldest first, ties in order of id."""
    columns = ", ".join(name(field) for field in fields)
    where = f" WHERE {stamp} >= {literal(floor)}" if floor else ""
    return f"SELECT {columns} FROM {name(object_name)}{where} ORDER BY {name(stamp)}, Id"  # noqa: S608 - names and literals are checked above
