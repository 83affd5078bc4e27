"""Salesforce's two spellings of time. Kept as text, so that they sort as they are."""

import re
from datetime import UTC, date, datetime

from connectors.sandbox.clock import parse_instant

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


def stamp(moment: datetime) -> str:
    """Return a datetime as REST answers write it: 2026-05-01T07:25:37.000+0000."""
    # Unlike strftime, it writes four digits of every year.
    seconds = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{seconds}.000+0000"


def read_stamp(text: str) -> str:
    """Return any ISO datetime as it is kept; Salesforce keeps whole seconds.

    Raises:
        ValueError: the text is no datetime with a date and a time, or none that UTC has.
    """
    if not _DATE.fullmatch(text[:10]) or not _TIME.fullmatch(text[10:]):
        raise ValueError(text)
    return stamp(parse_instant(text))


def read_date(text: str) -> str:
    """Return a date as it is kept: 2026-05-01; of a datetime, the day that it names.

    Raises:
        ValueError: the text is no date.
    """
    day, time = text[:10], text[10:]
    if not _DATE.fullmatch(day) or (time and not _TIME.fullmatch(time)):
        raise ValueError(text)
    return date.fromisoformat(day).isoformat()


def moment_of(kept: str) -> datetime:
    """Return the moment that `stamp` wrote."""
    return parse_instant(kept)
