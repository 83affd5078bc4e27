"""How HubSpot explains refusals, which of its calls are reads, and its rate limits.

Source: developers.hubspot.com, "API usage guidelines and limits", "Handling errors".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from requests import Response

from connectors.errors import (
    ForbiddenError,
    NotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    UnavailableError,
)
from connectors.faults import Call, Dialect, Fault, Verdict, read_retry_after
from connectors.pace import per_seconds

UNKNOWN_PROPERTY = "PROPERTY_DOESNT_EXIST"
FORM_TYPE_REFUSED = "FORM_TYPE_NOT_ALLOWED"
CALLS_PER_TEN_SECONDS = 100
"""A service key's allowance in the smallest accounts; larger ones have 190."""
SEARCHES_PER_SECOND = 4
"""The account has 5, shared by every app."""

_READ_BY_POST = re.compile(r"/(search|batch/read)$")
_UNKNOWN_OBJECT = "UNKNOWN_OBJECT_TYPE"
"""Ours: HubSpot says it in words, under the category of every invalid input."""
_PROPERTY = re.compile(r"[a-z0-9_]+")

VERDICTS: Mapping[str, Verdict] = {
    "DAILY": Verdict(QuotaExhaustedError, "wait until midnight in the account's time zone"),
    "SECONDLY": Verdict(RateLimitedError, first_wait=1.0),
    # Doubling from 2.5 s passes the ten-second window by the third wait.
    "TEN_SECONDLY_ROLLING": Verdict(RateLimitedError, first_wait=2.5),
    "MISSING_SCOPES": Verdict(ForbiddenError, "give the service key these scopes"),
    _UNKNOWN_OBJECT: Verdict(NotFoundError, "this account has no such object"),
    "477": Verdict(UnavailableError, first_wait=10.0),
}


def classify(method: str, path: str) -> Call:
    """Tell reads from writes, and searches, which have a rate limit of their own."""
    if method == "GET":
        return Call("read")
    if method == "POST" and (match := _READ_BY_POST.search(path)):
        return Call("read", "search" if match.group(1) == "search" else "default")
    return Call("write")


def explain(response: Response) -> Fault:
    """Read HubSpot's error body. Some refusals, such as 404 by id, come as HTML."""
    fault = Fault(response.status_code, retry_after=read_retry_after(response))
    if response.status_code == 477:
        return replace(fault, code="477")
    try:
        body = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return fault
    if not isinstance(body, dict):
        return fault
    return replace(fault, code=_read_code(body), names=", ".join(_read_names(body)))


def _read_code(body: Mapping[str, Any]) -> str:
    if str(body.get("message", "")).startswith("Unable to infer object type"):
        return _UNKNOWN_OBJECT
    details = _details(body)
    first = details[0] if details else {}
    candidates = (
        body.get("policyName"),
        first.get("code"),
        first.get("errorType"),
        body.get("errorType"),
        body.get("category"),
    )
    return next((text for text in candidates if isinstance(text, str) and text), "")


def _read_names(body: Mapping[str, Any]) -> Iterator[str]:
    for detail in _details(body):
        context = detail.get("context")
        context = context if isinstance(context, dict) else {}
        yield from map(str, context.get("requiredGranularScopes") or [])
        names = context.get("propertyName") or []
        yield from (name for name in map(str, names) if _PROPERTY.fullmatch(name))
    if isinstance(body.get("correlationId"), str):
        yield f"correlation id {body['correlationId']}"


def _details(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    details = body.get("errors")
    return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []


def build_dialect(calls_per_ten_seconds: int = CALLS_PER_TEN_SECONDS) -> Dialect:
    """Return the dialect for an account's allowance; searches don't count against it."""
    rates = {
        "default": [per_seconds(calls_per_ten_seconds, 10)],
        "search": [per_seconds(SEARCHES_PER_SECOND, 1)],
    }
    return Dialect("hubspot", classify, explain, VERDICTS, rates)
