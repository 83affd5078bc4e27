"""How Salesforce explains refusals, and which of its calls are reads.

Source: REST API Developer Guide, "Status Codes and Error Responses"; OAuth 2.0 errors by RFC 6749.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from connectors.errors import (
    AuthError,
    ConfigError,
    InvalidRequestError,
    NotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    UnavailableError,
)
from connectors.exchange import Reply
from connectors.faults import (
    CHECK_CREDENTIALS,
    Allowance,
    Call,
    Dialect,
    Fault,
    Verdict,
    read_retry_after,
)
from connectors.records import Quota

LOCKED = "UNABLE_TO_LOCK_ROW"
_CONCURRENT = "CONCURRENT_REQUESTS"
_READ_BY_POST = re.compile(r"/composite/sobjects/\w+$")
_LOGIN = re.compile(r"/oauth2/token$|/services/data$")
"""A token, and the versions that there are: neither is one of the day's calls."""
_JOB = re.compile(r"/jobs/(query|ingest)(/\w+)?$")
"""Making, closing and removing one changes no record, and may be done again: only the upload of
an ingest job is a write."""
_UNKNOWN_COLUMN = re.compile(r"No such column '(\w+)'")
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")
_NOTHING = Allowance()
_BAD_CLIENT = Verdict(AuthError, CHECK_CREDENTIALS)
_DESCRIPTIONS = frozenset(
    {
        "audience is invalid",
        "audience validation failed",
        "authentication failure",
        "expired authorization code",
        "inactive org",
        "inactive user",
        "invalid assertion",
        "invalid client credentials",
        "ip restricted",
        "ip restricted or invalid login hours",
        "no client credentials user enabled",
        "request not supported on this domain",
        "user hasn't approved this consumer",
        "user is not admin approved to access this app",
    }
)
"""Why there is no token, in Salesforce's words; any other text may quote somebody."""

VERDICTS: Mapping[str, Verdict] = {
    "invalid_client": _BAD_CLIENT,
    "invalid_client_id": _BAD_CLIENT,
    # What to do about it depends on the login, which says so.
    "invalid_grant": Verdict(AuthError),
    "INVALID_SESSION_ID": _BAD_CLIENT,
    "INVALID_FIELD": Verdict(ConfigError, "run provision, or give our user read access to it"),
    "INVALID_TYPE": Verdict(NotFoundError, "give our user read access to the object"),
    "API_DISABLED_FOR_ORG": Verdict(ConfigError, "this edition has no API access"),
    "REQUEST_LIMIT_EXCEEDED": Verdict(
        QuotaExhaustedError, "wait until the rolling 24 hours allow more calls"
    ),
    _CONCURRENT: Verdict(RateLimitedError, first_wait=5.0, holds=True),
    LOCKED: Verdict(UnavailableError),
    "SERVER_UNAVAILABLE": Verdict(UnavailableError),
    # Asked again it would take as long again: the reader asks for less.
    "QUERY_TIMEOUT": Verdict(InvalidRequestError),
    "OPERATION_TOO_LARGE": Verdict(InvalidRequestError),
}


def classify(method: str, path: str) -> Call:
    """Tell reads from writes; Salesforce limits no rate, only calls in 24 hours."""
    if _LOGIN.search(path):
        return Call("read", "token", costs=False)
    reads_by_post = method == "POST" and _READ_BY_POST.search(path) is not None
    reads = method == "GET" or reads_by_post or _JOB.search(path) is not None
    return Call("read" if reads else "write")


def explain(reply: Reply) -> Fault:
    """Read Salesforce's list of errors, or OAuth's single one."""
    refusal = _first_refusal(reply)
    if refusal is None:
        return Fault(reply.status, retry_after=read_retry_after(reply), heard=False)
    code = str(refusal.get("errorCode") or refusal.get("error") or "")
    message = str(refusal.get("message", ""))
    if code == "REQUEST_LIMIT_EXCEEDED" and message.startswith("Concurrent"):
        code = _CONCURRENT
    return Fault(
        status=reply.status,
        code=code,
        names=_name_in(message) or _known_description(refusal),
        retry_after=read_retry_after(reply),
    )


def _first_refusal(reply: Reply) -> Mapping[str, Any] | None:
    """Return the first refusal, or None where it is not Salesforce that speaks."""
    try:
        body = msgspec.json.decode(reply.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    first = body[0] if isinstance(body, list) and body else body
    return first if isinstance(first, dict) else {}


def _name_in(message: str) -> str:
    column = _UNKNOWN_COLUMN.search(message)
    return f"field {column.group(1)}" if column else ""


def _known_description(refusal: Mapping[str, Any]) -> str:
    told = str(refusal.get("error_description", "")).lower()
    return told if told in _DESCRIPTIONS else ""


def read_allowance(headers: Mapping[str, str]) -> Allowance:
    """Read the calls of the last 24 hours; some answers don't tell of them."""
    if found := _USAGE.search(headers.get("Sforce-Limit-Info", "")):
        return Allowance(quota=Quota(int(found.group(2)), int(found.group(1))))
    return _NOTHING


DIALECT = Dialect("salesforce", classify, explain, VERDICTS, read_allowance=read_allowance)
