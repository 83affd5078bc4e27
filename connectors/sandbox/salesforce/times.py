"""Salesforce's two spellings of time. Kept as text, so that they sort as they are."""

from datetime import UTC, date, datetime

from connectors.sandbox.clock import parse_instant


def stamp(moment: datetime) -> str:
    """Return a datetime as REST answers write it: 2026-05-01T07:25:37.000+0000."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def read_stamp(text: str) -> str:
    """Return any ISO datetime as it is kept; Salesforce keeps whole seconds.

    Raises:
        ValueError: the text is no datetime with a date and a time.
    """
    if "T" not in text:
        raise ValueError(text)
    return stamp(parse_instant(text))


def read_date(text: str) -> str:
    """Return a date as it is kept: 2026-05-01.

    Raises:
        ValueError: the text is no date.
    """
    return date.fromisoformat(text[:10]).isoformat()


def moment_of(kept: str) -> datetime:
    """Return the moment that `stamp` wrote."""
    return parse_instant(kept)
