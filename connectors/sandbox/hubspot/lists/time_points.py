"""Moments as the filters of a list tell them: of the calendar, or so much from now."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from connectors.sandbox.clock import to_ms
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.requests import object_in, whole_of


def moment_at(now: datetime, point: Mapping[str, Any]) -> int:
    """Return a time point in milliseconds since 1970: a date with a time, or one told from now.

    Raises:
        Refusal: it is of another kind.
    """
    kind, zone = point.get("timeType"), _zone(str(point.get("zoneId") or "UTC"))
    if kind == "DATE":
        return to_ms(_date_and_time(point, zone))
    reference = object_in(point, "indexReference").get("referenceType")
    if kind != "INDEXED" or reference not in ("NOW", "TODAY"):
        raise bad_input(f"Time points of the type {kind} with {reference} are not supported here")
    here = now.astimezone(zone)
    if reference == "TODAY":
        here = datetime.combine(here.date(), time(), zone)
    offset = object_in(point, "offset")
    units = {name: whole_of(offset, name, 0) for name in ("weeks", "days", "hours", "minutes")}
    return shifted(here, **units)


def shifted(moment: datetime, **units: float) -> int:
    """Return a moment so many days, hours or the like later in milliseconds since 1970.

    Raises:
        Refusal: no calendar goes that far.
    """
    try:
        return to_ms(moment + timedelta(**units))
    except OverflowError:
        raise bad_input("A filter leads out of the years 1 to 9999") from None


_zones = cache(available_timezones)


def _zone(name: str) -> ZoneInfo:
    if name not in _zones():
        raise bad_input(f"zoneId of a time point: there is no {name}")
    return ZoneInfo(name)


def _date_and_time(point: Mapping[str, Any], zone: ZoneInfo) -> datetime:
    year, month, day = (_part(point, name) for name in ("year", "month", "day"))
    hour, minute, second = (whole_of(point, name, 0) for name in ("hour", "minute", "second"))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        raise bad_input("A time point must be a day of the calendar with a time") from None


def _part(point: Mapping[str, Any], name: str) -> int:
    value = point.get(name)
    if not isinstance(value, int):
        raise bad_input(f"{name} of a time point must be a number")
    return value
