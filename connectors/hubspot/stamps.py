"""Stamps that a row cannot do without."""

from datetime import datetime, timedelta

from connectors.errors import UnreadableAnswerError
from connectors.values import parse

REST_OF_SECOND = timedelta(milliseconds=999)
"""HubSpot stamps milliseconds; its clock, a Date header, is cut to whole seconds."""


def read_stamp(raw: object, owner: str) -> datetime:
    """Return a stamp in UTC.

    Raises:
        UnreadableAnswerError: where it is missing or no datetime.
    """
    try:
        stamp = parse("datetime", raw)
    except ValueError:
        stamp = None
    if not isinstance(stamp, datetime):
        raise UnreadableAnswerError("hubspot", owner, "it has no readable time stamp")
    return stamp
