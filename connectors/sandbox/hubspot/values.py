"""What a property takes: values checked and turned into what is kept.

A datetime is kept as milliseconds since 1970, everything else as text. An empty text clears: what
was set before is kept as an empty text then, unless the account's settings say null.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from connectors.sandbox.clock import from_ms, instant_of, parse_instant, to_ms
from connectors.sandbox.hubspot.errors import Problem
from connectors.sandbox.hubspot.schema import Property

Kept = str | int | None
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_MILLISECONDS = re.compile(r"-?[0-9]{1,15}")
_FIRST_MS = to_ms(datetime(1, 1, 1, tzinfo=UTC))
_LAST_MS = to_ms(datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC))
_TEXT_LIMIT = 65_536


def is_empty(kept: Kept) -> bool:
    """Return whether a kept value is none: never set, or cleared."""
    return kept is None or kept == ""


def check_value(known: Property, value: Any) -> Kept | Problem:
    """Return the value as it is kept, None for a cleared one, or what is wrong with it."""
    text = _as_text(value)
    if known.read_only:
        message = f'"{known.name}" is a read only property; its value cannot be set.'
        return Problem("READ_ONLY_VALUE", known.name, message, text)
    if text == "":
        return None
    return _CHECKS.get(known.type, _check_text)(known, text)


def is_number(text: str) -> bool:
    """Return whether a text is a number that a property takes."""
    return bool(_NUMBER.fullmatch(text.strip())) and math.isfinite(float(text))


def ms_of(text: str | int) -> int | None:
    """Return milliseconds since 1970, or None for what is no such number in the years 1 to 9999.

    A property that has become a datetime may still hold texts.
    """
    if isinstance(text, str) and not _MILLISECONDS.fullmatch(text):
        return None
    milliseconds = int(text)
    return milliseconds if _FIRST_MS <= milliseconds <= _LAST_MS else None


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _check_text(known: Property, text: str) -> Kept | Problem:
    if len(text) > _TEXT_LIMIT:
        message = f"Property values must be no longer than {_TEXT_LIMIT} characters."
        return Problem("PROPERTY_VALUE_TOO_LONG", known.name, message)
    if known.name != "email":
        return text
    if not _EMAIL.fullmatch(text.strip()):
        return Problem("INVALID_EMAIL", known.name, f"Email address {text} is invalid", text)
    return text.strip().lower()


def _check_number(known: Property, text: str) -> Kept | Problem:
    if is_number(text):
        return text
    return Problem("INVALID_INTEGER", known.name, f"{text} was not a valid number.", text)


def _check_datetime(known: Property, text: str) -> Kept | Problem:
    kept = ms_of(text) if _MILLISECONDS.fullmatch(text) else _ms_told_in(text)
    if kept is not None:
        return kept
    return Problem("INVALID_LONG", known.name, f"{text} was not a valid long.", text)


def _ms_told_in(text: str) -> int | None:
    try:
        moment = parse_instant(text)
    except (ValueError, OverflowError):  # a zone can lead out of the years that there are
        return None
    # What is finer than a millisecond is cut off, not rounded.
    return to_ms(moment.replace(microsecond=moment.microsecond // 1000 * 1000))


def _check_date(known: Property, text: str) -> Kept | Problem:
    if (milliseconds := ms_of(text)) is not None:
        return _check_midnight(known, from_ms(milliseconds), text)
    try:
        # Python alone would take weeks as well, and days without hyphens.
        return date.fromisoformat(text if _DAY.fullmatch(text) else "").isoformat()
    except ValueError:
        return Problem("INVALID_DATE", known.name, f"{text} was not a valid date.", text)


def _check_midnight(known: Property, moment: datetime, text: str) -> Kept | Problem:
    if moment.time() == time.min:
        return moment.date().isoformat()
    clock = f"{moment.hour}:{moment.minute}:{moment.second}.{moment.microsecond // 1000} UTC"
    message = f"{text} is at {clock}, not midnight!"
    return Problem("INVALID_DATE", known.name, message, text)


def _check_option(known: Property, text: str) -> Kept | Problem:
    wanted = options_of(text) if known.field_type == "checkbox" else [text]
    if known.external or all(option in known.options for option in wanted):
        return text
    allowed = ", ".join(f'label: "{label}" value: "{v}"' for v, label in known.options.items())
    message = f"{text} was not one of the allowed options: [{allowed}]"
    return Problem("INVALID_OPTION", known.name, message, text)


def options_of(text: str) -> list[str]:
    """Return the options that a value of several checkboxes names."""
    return [option for option in text.split(";") if option]


def _check_boolean(known: Property, text: str) -> Kept | Problem:
    if text.lower() in ("true", "false"):
        return text.lower()
    message = f"{text} was not one of the allowed options: [true, false]"
    return Problem("INVALID_OPTION", known.name, message, text)


_CHECKS: Mapping[str, Callable[[Property, str], Kept | Problem]] = {
    "number": _check_number,
    "datetime": _check_datetime,
    "date": _check_date,
    "enumeration": _check_option,
    "bool": _check_boolean,
}


def rendered(known: Property | None, kept: Kept) -> str | None:
    """Return a kept value as answers hold it: text, always."""
    if kept is None:
        return None
    if kept == "":
        return ""
    if known is not None and known.type == "datetime" and (moment := ms_of(kept)) is not None:
        return instant_of(moment)
    return str(kept)
