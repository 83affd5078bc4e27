"""One parser and one formatter for the values of both CRMs.

Salesforce answers typed JSON, HubSpot answers strings; both write datetimes as ISO 8601 and
HubSpot also as epoch milliseconds. Empty strings mean no value in either.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation

from connectors.records import FieldType, Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NINE_PLACES = Decimal("1e-9")
_DECIMAL_LIMIT = Decimal(10) ** 29
_ROUNDING = Context(prec=60)
"""Wide enough for 29 digits before the point and nine after it; Python's own has room for 28."""
_INTEGER_LIMIT = 2**63


def parse(kind: FieldType, raw: object) -> Value:
    """Return the raw value as its field's type, None for null and the empty string.

    Datetimes come back in UTC, decimals rounded to nine places.

    Raises:
        ValueError: where it is not such a value; the message holds no part of it.
    """
    if raw is None or raw == "":
        return None
    try:
        return _PARSERS[kind](raw)
    except (ValueError, InvalidOperation, OverflowError):
        raise ValueError(f"not of type {kind}") from None


def parse_or_keep(kind: FieldType, raw: object) -> Value:
    """Return the raw value as its field's type, or as text where it is no such value."""
    try:
        return parse(kind, raw)
    except ValueError:
        return str(raw)


def format_datetime(value: datetime) -> str:
    """Return the instant as ISO 8601 in UTC with milliseconds, as both CRMs take it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def format_text(value: Value) -> str:
    """Return a value as text, as both CRMs take it where they take texts; none is an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def to_epoch_ms(value: datetime) -> int:
    """Return the instant as whole milliseconds since 1970 (UTC), rounded down."""
    return (value - _EPOCH) // timedelta(milliseconds=1)


def _parse_string(raw: object) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    text = raw if isinstance(raw, str) else _to_text(raw)
    if text.isascii():
        return text
    # A lone surrogate is legal in JSON but not in UTF-8, which Arrow needs.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _to_text(raw: object) -> str:
    return json.dumps(raw, default=str) if isinstance(raw, dict | list) else str(raw)


def _parse_integer(raw: object) -> int:
    number = Decimal(_number_text(raw))
    if number != number.to_integral_value() or not -_INTEGER_LIMIT <= number < _INTEGER_LIMIT:
        raise ValueError
    return int(number)


def _parse_decimal(raw: object) -> Decimal:
    number = Decimal(_number_text(raw))
    if not number.is_finite():
        raise ValueError
    rounded = number.quantize(_NINE_PLACES, context=_ROUNDING)
    if rounded.copy_abs() >= _DECIMAL_LIMIT:
        raise ValueError
    return rounded


def _number_text(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise ValueError
    return str(raw).strip()


def _parse_boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if not isinstance(raw, str) or raw.lower() not in {"true", "false"}:
        raise ValueError
    return raw.lower() == "true"


def _parse_datetime(raw: object) -> datetime:
    text = _number_text(raw)
    if _NUMBER.fullmatch(text):
        return _EPOCH + timedelta(milliseconds=int(Decimal(text)))
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _parse_date(raw: object) -> date:
    text = _number_text(raw)
    return (
        _parse_datetime(text).date()
        if _NUMBER.fullmatch(text)
        else datetime.fromisoformat(text).date()
    )


def _parse_list(raw: object) -> list[str]:
    """Read a field of many choices: a list, or texts between semicolons; an empty one is none."""
    choices = raw.split(";") if isinstance(raw, str) else raw
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        raise ValueError
    return [_parse_string(choice) for choice in choices if choice]


_PARSERS: Mapping[FieldType, Callable[[object], Value]] = {
    "string": _parse_string,
    "integer": _parse_integer,
    "decimal": _parse_decimal,
    "boolean": _parse_boolean,
    "date": _parse_date,
    "datetime": _parse_datetime,
    "list": _parse_list,
}
