"""Answers that are what the API promises, or an error: never taken for an empty page."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import msgspec
import requests

from connectors.errors import UnreadableAnswerError
from connectors.faults import CHECK_BASE_URL, whereabouts
from connectors.records import Crm

Answer = TypeVar("Answer")


def decode(crm: Crm, response: requests.Response, shape: type[Answer]) -> Answer:
    """Return the answer as the shape its API promises.

    Raises:
        UnreadableAnswerError: for anything else, such as an HTML page with status 200.
    """
    try:
        return msgspec.json.decode(response.content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise _unreadable(crm, whereabouts(response.request), fault) from None


def convert(crm: Crm, where: str, answer: object, shape: type[Answer]) -> Answer:
    """Return what an SDK has decoded as the shape its API promises.

    Raises:
        UnreadableAnswerError: for anything else.
    """
    try:
        return msgspec.convert(answer, type=shape)
    except msgspec.ValidationError as fault:
        raise _unreadable(crm, where, fault) from None


def read_clock(crm: Crm, date_header: str) -> datetime:
    """Return the server's time (UTC, whole seconds) as an answer's Date header states it.

    Raises:
        UnreadableAnswerError: where the header is missing or is no date.
    """
    try:
        return parsedate_to_datetime(date_header).astimezone(UTC)
    except ValueError:
        what = "the latest answer has no readable Date header"
        raise UnreadableAnswerError(crm, "clock", what) from None


def _unreadable(crm: Crm, where: str, fault: Exception) -> UnreadableAnswerError:
    # msgspec names the place and the expected type, never the value found there.
    reason = str(fault) if isinstance(fault, msgspec.DecodeError) else "not text"
    return UnreadableAnswerError(crm, where, reason, CHECK_BASE_URL)
