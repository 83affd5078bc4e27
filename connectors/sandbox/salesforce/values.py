"""What a field takes: JSON values checked and turned into what is kept."""

import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.times import read_date, read_stamp
from connectors.sandbox.salesforce.unreadable import UnreadableValue

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = "1700", "4000"
"""Dates of other years no field takes."""
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")


def check_value(field: Field, value: Any) -> Any:
    """Return the value as it is kept; None when it is empty.

    Raises:
        Refusal: the field does not take this value.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return False if field.type == "boolean" else None
    check: Callable[[Field, Any], Any] = _CHECKS.get(field.type, _check_text)
    return check(field, value)


def _check_text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise UnreadableValue(field, value)
    if len(value) > field.length:
        raise Refusal(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {value} (max length={field.length})",
            fields=[field.name],
        )
    return value


def _check_email(field: Field, value: Any) -> str:
    text = _check_text(field, value)
    if not _EMAIL.fullmatch(text):
        message = f"{field.label}: invalid email address: {text}"
        raise Refusal("INVALID_EMAIL_ADDRESS", message, fields=[field.name])
    return text


def _check_option(field: Field, value: Any) -> str:
    text = _check_text(field, value)
    if field.restricted and text not in field.options:
        raise Refusal(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {text}",
            fields=[field.name],
        )
    return text


def _check_options(field: Field, value: Any) -> str:
    """Return several options as they are kept: each once, in the order of the definition."""
    text = _check_text(field, value)
    chosen = dict.fromkeys(part.strip() for part in text.split(";") if part.strip())
    for option in chosen:
        _check_option(field, option)
    known = [option for option in field.options if option in chosen]
    return ";".join(dict.fromkeys([*known, *chosen]))


def _check_id(field: Field, value: Any) -> str:
    known = full_id(value)
    if known is None:
        message = f"{field.label}: id value of incorrect type: {value}"
        raise Refusal("MALFORMED_ID", message, fields=[field.name])
    return known


def _check_boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnreadableValue(field, value)
    return value


def _check_number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableValue(field, value)
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise UnreadableValue(field, value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or abs(number) >= 10 ** (field.precision - field.scale):
        message = f"{field.label}: value outside of valid range on numeric field: {value}"
        raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", message, fields=[field.name])
    if not number:
        # Written with an exponent that no Decimal has, it may still be next to nothing.
        return 0.0
    step = Decimal(1).scaleb(-field.scale)
    return float(Decimal(str(value)).quantize(step, ROUND_HALF_UP))


def _check_integer(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}", str(value), re.ASCII):
        raise UnreadableValue(field, value)
    return int(value)


def _check_datetime(field: Field, value: Any) -> str:
    return _check_moment(read_stamp, field, value)


def _check_date(field: Field, value: Any) -> str:
    return _check_moment(read_date, field, value)


def _check_moment(read: Callable[[str], str], field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise UnreadableValue(field, value)
    try:
        kept = read(value)
    except ValueError:
        raise UnreadableValue(field, value) from None
    if not _FIRST_YEAR <= kept[:4] <= _LAST_YEAR:
        message = f"{field.label}: invalid date: {value}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=[field.name])
    return kept


_CHECKS: Mapping[str, Callable[[Field, Any], Any]] = {
    "email": _check_email,
    "picklist": _check_option,
    "multipicklist": _check_options,
    "id": _check_id,
    "reference": _check_id,
    "boolean": _check_boolean,
    "double": _check_number,
    "currency": _check_number,
    "percent": _check_number,
    "int": _check_integer,
    "datetime": _check_datetime,
    "date": _check_date,
}
