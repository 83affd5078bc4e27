"""SOQL's relative dates: LAST_N_DAYS:30, THIS_QUARTER and their like, in UTC.

Source: SOQL and SOSL Reference, "Date Formats and Date Literals". Weeks start on Sunday, as in the
locale of the United States; the fiscal year is the calendar year.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

_UNITS = "DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR"
_NEAR_DAYS: Mapping[str, int] = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
_NEAR = re.compile(rf"(LAST|THIS|NEXT)_({_UNITS})")
_RUN = re.compile(rf"(LAST|NEXT)_(?:N_({_UNITS})S:(\d+)|90_DAYS)")
_AGO = re.compile(rf"N_({_UNITS})S_AGO:(\d+)")
_OFFSETS: Mapping[str, int] = {"LAST": -1, "THIS": 0, "NEXT": 1}
Span = tuple[date, date]
"""The first day of a period, and the first day after it."""


def is_period(word: str) -> bool:
    """Tell whether a word in any case is a relative date."""
    name = word.upper()
    return name in _NEAR_DAYS or any(form.fullmatch(name) for form in (_NEAR, _RUN, _AGO))


def span_of(name: str, today: date) -> Span:
    """Return the days that a relative date in capitals stands for.

    Args:
        name: One that `is_period` knows.
        today: The day in UTC from which it is counted.

    Raises:
        ValueError: they are out of the calendar.
    """
    try:
        return _span_of(name, today)
    except OverflowError as error:
        raise ValueError(name) from error


def _span_of(name: str, today: date) -> Span:
    if name in _NEAR_DAYS:
        return _one("DAY", today, _NEAR_DAYS[name])
    if near := _NEAR.fullmatch(name):
        return _one(near[2], today, _OFFSETS[near[1]])
    if ago := _AGO.fullmatch(name):
        return _one(ago[1], today, -int(ago[2]))
    run = _RUN.fullmatch(name)
    if run is None:
        raise ValueError(name)
    return _several(run[2] or "DAY", today, int(run[3] or 90), is_past=run[1] == "LAST")


def _one(unit: str, today: date, offset: int) -> Span:
    start, shift = _start(unit, today), _shift(unit)
    return shift(start, offset), shift(start, offset + 1)


def _several(unit: str, today: date, count: int, is_past: bool) -> Span:
    start, shift = _start(unit, today), _shift(unit)
    if not is_past:
        return shift(start, 1), shift(start, count + 1)
    # The last days include today; the last weeks or months leave out the present one.
    return shift(start, -count), shift(start, 1) if unit == "DAY" else start


def _start(unit: str, day: date) -> date:
    match unit.removeprefix("FISCAL_"):
        case "WEEK":
            return day - timedelta(days=day.isoweekday() % 7)
        case "MONTH":
            return day.replace(day=1)
        case "QUARTER":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case "YEAR":
            return day.replace(month=1, day=1)
    return day


def _shift(unit: str) -> Callable[[date, int], date]:
    months = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}.get(unit.removeprefix("FISCAL_"))
    if months is not None:
        return lambda day, count: add_months(day, months * count)
    days = 7 if unit == "WEEK" else 1
    return lambda day, count: day + timedelta(days=days * count)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    next_first = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (next_first - first).days))
