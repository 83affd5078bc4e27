"""How Salesforce explains refusals, and which of its calls are reads.

Source: REST API Developer Guide, "Status Codes and Error Responses"; OAuth 2.0 errors by RFC 6749.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from requests import Response

from connectors.errors import (
    AuthError,
    ConfigError,
    NotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    UnavailableError,
)
from connectors.faults import CHECK_CREDENTIALS, Call, Dialect, Fault, Verdict, read_retry_after

LOCKED = "UNABLE_TO_LOCK_ROW"
_CONCURRENT = "CONCURRENT_REQUESTS"
_READ_BY_POST = re.compile(r"/oauth2/token$|/composite/sobjects/\w+$")
_UNKNOWN_COLUMN = re.compile(r"No such column '(\w+)'")
_BAD_CLIENT = Verdict(AuthError, CHECK_CREDENTIALS)

VERDICTS: Mapping[str, Verdict] = {
    "invalid_client": _BAD_CLIENT,
    "invalid_client_id": _BAD_CLIENT,
    "invalid_grant": Verdict(
        AuthError, "allow the client credentials flow and choose its run-as user in the app"
    ),
    "INVALID_SESSION_ID": _BAD_CLIENT,
    "INVALID_FIELD": Verdict(ConfigError, "run provision, or give our user read access to it"),
    "INVALID_TYPE": Verdict(NotFoundError, "give our user read access to the object"),
    "API_DISABLED_FOR_ORG": Verdict(ConfigError, "this edition has no API access"),
    "REQUEST_LIMIT_EXCEEDED": Verdict(
        QuotaExhaustedError, "wait until the rolling 24 hours allow more calls"
    ),
    _CONCURRENT: Verdict(RateLimitedError, first_wait=5.0),
    LOCKED: Verdict(UnavailableError),
    "SERVER_UNAVAILABLE": Verdict(UnavailableError),
    "QUERY_TIMEOUT": Verdict(UnavailableError, first_wait=5.0),
}


def classify(method: str, path: str) -> Call:
    """Tell reads from writes; Salesforce limits no rate, only calls in 24 hours."""
    reads = method == "GET" or (method == "POST" and _READ_BY_POST.search(path) is not None)
    return Call("read" if reads else "write")


def explain(response: Response) -> Fault:
    """Read Salesforce's list of errors, or OAuth's single one."""
    refusal = _first_refusal(response)
    code = str(refusal.get("errorCode") or refusal.get("error") or "")
    message = str(refusal.get("message", ""))
    if code == "REQUEST_LIMIT_EXCEEDED" and message.startswith("Concurrent"):
        code = _CONCURRENT
    column = _UNKNOWN_COLUMN.search(message)
    return Fault(
        status=response.status_code,
        code=code,
        names=f"field {column.group(1)}" if column else "",
        retry_after=read_retry_after(response),
    )


def _first_refusal(response: Response) -> Mapping[str, Any]:
    try:
        body = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    first = body[0] if isinstance(body, list) and body else body
    return first if isinstance(first, dict) else {}


DIALECT = Dialect("salesforce", classify, explain, VERDICTS)
