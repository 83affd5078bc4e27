"""How HubSpot explains refusals, which of its calls are reads, and its rate limits.

Source: developers.hubspot.com, "API usage guidelines and limits", "Handling errors".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from connectors.errors import (
    ForbiddenError,
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
from connectors.pace import Rate, Told
from connectors.records import Quota

UNKNOWN_PROPERTY = "PROPERTY_DOESNT_EXIST"
FORM_TYPE_REFUSED = "FORM_TYPE_NOT_ALLOWED"
CALLS_PER_TEN_SECONDS = 100
"""A service key's allowance in the smallest accounts; larger ones have 190."""
SEARCHES_PER_SECOND = 4
"""The account has 5, shared by every app."""

_READ_BY_POST = re.compile(r"/(?:search|batch/read)$")
_SEARCH_OF_RECORDS = re.compile(r"/crm/(v\d+/)?objects/.+/search$")
"""Searches of lists, and others, count as any other call."""
_TOKEN = re.compile(r"/oauth/[^/]+/token$")
_UNKNOWN_OBJECT = "UNKNOWN_OBJECT_TYPE"
"""Ours: HubSpot says it in words, under the category of every invalid input."""
_TOLD_BY_STATUS = frozenset({477, 530})
_LIMITS = "X-HubSpot-RateLimit-"
_PROPERTY = re.compile(r"[a-z0-9_]+")

VERDICTS: Mapping[str, Verdict] = {
    "DAILY": Verdict(QuotaExhaustedError, "wait until midnight in the account's time zone"),
    "SECONDLY": Verdict(RateLimitedError, first_wait=1.0, holds=True),
    # Doubling from 2.5 s passes the ten-second window by the third wait.
    "TEN_SECONDLY_ROLLING": Verdict(RateLimitedError, first_wait=2.5, holds=True),
    "MISSING_SCOPES": Verdict(ForbiddenError, "give the service key these scopes"),
    _UNKNOWN_OBJECT: Verdict(NotFoundError, "this account has no such object"),
    "477": Verdict(UnavailableError, first_wait=10.0, holds=True),
    # Met by others now and then, and then for a moment only.
    "530": Verdict(UnavailableError, CHECK_CREDENTIALS),
}


def classify(method: str, path: str) -> Call:
    """Tell reads from writes, and searches of records, which have a rate limit of their own.

    A token that is asked for once more changes no record, and counts against no rate.
    """
    if method == "GET":
        return Call("read")
    if _TOKEN.search(path):
        return Call("read", "token", costs=False)
    if method == "POST" and _READ_BY_POST.search(path):
        return Call("read", "search") if _SEARCH_OF_RECORDS.search(path) else Call("read")
    return Call("write")


def explain(reply: Reply) -> Fault:
    """Read HubSpot's error body. Where nothing is found by id it is HTML, which a header tells."""
    heard = "X-HubSpot-NotFound" in reply.headers
    fault = Fault(reply.status, retry_after=read_retry_after(reply), heard=heard)
    if reply.status in _TOLD_BY_STATUS:
        return replace(fault, code=str(reply.status))
    try:
        body = msgspec.json.decode(reply.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return fault
    if not isinstance(body, dict):
        return replace(fault, heard=True)
    names = ", ".join(_read_names(body))
    return replace(fault, code=_read_code(body), names=names, heard=True)


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
        body.get("status"),
    )
    told = (text for text in candidates if isinstance(text, str))
    return next((text for text in told if text not in ("", "error")), "")


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


def read_allowance(headers: Mapping[str, str]) -> Allowance:
    """Read the ten seconds' calls, which searches don't tell, and the day's, which apps don't."""
    window = _numbers(headers, "Max", "Interval-Milliseconds", "Remaining")
    day = _numbers(headers, "Daily", "Daily-Remaining")
    return Allowance(
        Told(window[0], window[1] / 1000, window[2]) if window and window[0] else None,
        Quota(day[0], day[0] - day[1]) if day else None,
    )


def _numbers(headers: Mapping[str, str], *names: str) -> list[int] | None:
    texts = [headers.get(_LIMITS + name, "") for name in names]
    return [int(text) for text in texts] if all(text.isdecimal() for text in texts) else None


def build_dialect(calls_per_ten_seconds: int | None = CALLS_PER_TEN_SECONDS) -> Dialect:
    """Return the dialect for an account's allowance; searches don't count against it.

    Args:
        calls_per_ten_seconds: What is believed until an answer tells the account's own number;
            None for a HubSpot that limits nothing.
    """
    rates = (
        {
            "default": Rate(calls_per_ten_seconds, 10.0),
            "search": Rate(SEARCHES_PER_SECOND, 1.0),
        }
        if calls_per_ten_seconds
        else {}
    )
    return Dialect("hubspot", classify, explain, VERDICTS, rates, read_allowance)
