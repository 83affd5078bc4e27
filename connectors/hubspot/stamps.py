"""Stamps that a row cannot do without."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa

from connectors.errors import UnreadableAnswerError
from connectors.records import ARROW_TYPES
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


def read_stamps(raw: Sequence[str | None], owner: str) -> pa.Array:
    """Return stamps as an Arrow array of microseconds in UTC.

    Raises:
        UnreadableAnswerError: where one is missing or no datetime.
    """
    kind = ARROW_TYPES["datetime"]
    try:
        stamps = pa.array(raw, pa.string()).cast(kind)
    except pa.ArrowInvalid:
        # Some are written in a way that Arrow does not know, such as epoch milliseconds.
        return pa.array([read_stamp(text, owner) for text in raw], kind)
    if stamps.null_count:
        raise UnreadableAnswerError("hubspot", owner, "one of them has no time stamp")
    return stamps


def whole_milliseconds(stamp: datetime) -> datetime:
    """Return an instant cut to whole milliseconds, which is what HubSpot's stamps are."""
    return stamp - timedelta(microseconds=stamp.microsecond % 1000)
