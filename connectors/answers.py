"""Answers that are what the API promises, or an error: never taken for an empty page."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import msgspec
import requests

from connectors.errors import UnreadableAnswerError
from connectors.exchange import Reply, whereabouts
from connectors.faults import CHECK_BASE_URL
from connectors.records import Crm

Answer = TypeVar("Answer")
_OK = 200


def check_sound(crm: Crm, reply: Reply) -> Reply:
    """Return the answer if its body can be what its headers say, read to its end.

    Raises:
        UnreadableAnswerError: a page of HTML, or JSON that breaks off.
    """
    kind = reply.headers.get("Content-Type", "")
    if "html" in kind:
        what = "a page of HTML came in place of an answer"
        raise UnreadableAnswerError(crm, reply.where, what, CHECK_BASE_URL)
    if "json" in kind and (reply.content or reply.status == _OK):
        # Raw is skipped over, not built: 35 microseconds for 80 kB.
        decode(crm, reply, msgspec.Raw)
    return reply


def decode(crm: Crm, response: requests.Response | Reply, shape: type[Answer]) -> Answer:
    """Return the answer as the shape its API promises.

    Raises:
        UnreadableAnswerError: for anything else, such as an HTML page with status 200.
    """
    try:
        return msgspec.json.decode(response.content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise _unreadable(crm, _place_of(response), fault) from None


def read_by(crm: Crm, decoder: msgspec.json.Decoder[Answer], reply: Reply) -> Answer:
    """Return the answer as a decoder that is kept for many of them reads it; raises as `decode`."""
    try:
        return decoder.decode(reply.content)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise _unreadable(crm, reply.where, fault) from None


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


def _place_of(response: requests.Response | Reply) -> str:
    if isinstance(response, Reply):
        return response.where
    return whereabouts(response.request.method, response.request.url)


def _unreadable(crm: Crm, where: str, fault: Exception) -> UnreadableAnswerError:
    # msgspec names the place and the expected type, never the value found there.
    reason = str(fault) if isinstance(fault, msgspec.DecodeError) else "not text"
    return UnreadableAnswerError(crm, where, reason, CHECK_BASE_URL)
