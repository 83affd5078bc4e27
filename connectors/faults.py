"""What a CRM's refusal means: a table from status and code to an error, its wait and next step.

A refusal's body may quote people's values, so an error carries only the CRM's code and names
(fields, scopes, correlation ids) that a dialect has picked out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Literal

from connectors.errors import (
    AuthError,
    ConfigError,
    ConflictError,
    CrmError,
    ForbiddenError,
    InvalidRequestError,
    NotFoundError,
    RateLimitedError,
    RejectedRequestError,
    RetriableError,
    TooLongError,
    UnavailableError,
)
from connectors.exchange import Reply
from connectors.pace import Rate, Told
from connectors.records import Crm, Quota

CHECK_BASE_URL = "check that base_url is the CRM's own address"
CHECK_CREDENTIALS = "check the credentials in the settings"


@dataclass(frozen=True)
class Fault:
    """A refusal as the CRM explained it."""

    status: int
    code: str = ""
    names: str = ""
    """Names that help to mend it (fields, scopes, a correlation id); never a value."""
    retry_after: float | None = None
    """Seconds, from the Retry-After header; None where it is absent or says no time."""
    heard: bool = True
    """Whether it is the CRM's own word, and not a page of something on the way."""


@dataclass(frozen=True)
class Verdict:
    """What a refusal means for the caller."""

    error: type[CrmError]
    next_step: str = ""
    first_wait: float = 1.0
    """Seconds before the first retry; each further wait doubles."""
    acted: Literal["no", "perhaps"] = "no"
    """Whether the CRM may have carried out the request all the same."""
    holds: bool = False
    """Whether it is meant for every call of the lane: whatever thread or process has the next one
    waits too."""


@dataclass(frozen=True)
class Call:
    """What a request is for."""

    purpose: Literal["read", "write"]
    lane: str = "default"
    """Name of the rate limit it counts against."""
    costs: bool = True
    """Whether it is one of the day's calls."""


@dataclass(frozen=True)
class Allowance:
    """What an answer's headers tell of the limits; None where they are silent."""

    lane: Told | None = None
    quota: Quota | None = None


_SILENT = Allowance()


def say_nothing(_headers: Mapping[str, str]) -> Allowance:
    """Read no limit: a CRM whose answers don't tell of any."""
    return _SILENT


@dataclass(frozen=True)
class Dialect:
    """How one CRM classifies requests, explains refusals and limits rates."""

    crm: Crm
    classify: Callable[[str, str], Call]
    """From method and path."""
    explain: Callable[[Reply], Fault]
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """By the CRM's own code; these come before the status table."""
    rates: Mapping[str, Rate] = field(default_factory=dict)
    """By lane, until the CRM tells others. A lane without a rate is not limited."""
    read_allowance: Callable[[Mapping[str, str]], Allowance] = say_nothing
    """From an answer's headers."""


STATUS_VERDICTS: Mapping[int, Verdict] = {
    400: Verdict(InvalidRequestError),
    401: Verdict(AuthError, CHECK_CREDENTIALS),
    403: Verdict(ForbiddenError, "give our user or key the permissions named in the set-up guide"),
    404: Verdict(NotFoundError),
    408: Verdict(UnavailableError, acted="perhaps"),
    409: Verdict(ConflictError),
    413: Verdict(TooLongError),
    414: Verdict(TooLongError),
    423: Verdict(RateLimitedError, first_wait=2.0),
    429: Verdict(RateLimitedError, holds=True),
    431: Verdict(TooLongError),
    503: Verdict(UnavailableError),
}
_REDIRECT = Verdict(ConfigError, CHECK_BASE_URL)
_OTHER_REFUSAL = Verdict(InvalidRequestError)
_SERVER_FAULT = Verdict(UnavailableError, acted="perhaps")


def judge(dialect: Dialect, fault: Fault) -> Verdict:
    """Return what the fault means, by its code first and its status otherwise."""
    verdict = dialect.verdicts.get(fault.code) or STATUS_VERDICTS.get(fault.status)
    if verdict is not None:
        return verdict
    if fault.status < 400:
        return _REDIRECT
    return _OTHER_REFUSAL if fault.status < 500 else _SERVER_FAULT


def to_error(dialect: Dialect, reply: Reply, fault: Fault) -> CrmError:
    """Build the error that the caller sees."""
    verdict = judge(dialect, fault)
    place = reply.where
    reason = f"HTTP {fault.status}" + (f" {fault.code}" if fault.code else "")
    what = f"{reason} ({fault.names})" if fault.names else reason
    if issubclass(verdict.error, RateLimitedError):
        return verdict.error(
            dialect.crm, place, what, verdict.next_step, fault.retry_after, fault.code
        )
    if issubclass(verdict.error, RetriableError):
        return verdict.error(dialect.crm, place, what, verdict.next_step, fault.retry_after)
    if issubclass(verdict.error, RejectedRequestError):
        return verdict.error(dialect.crm, place, what, verdict.next_step, fault.code, fault.status)
    return verdict.error(dialect.crm, place, what, verdict.next_step)


def read_retry_after(reply: Reply) -> float | None:
    """Return the seconds that the Retry-After header asks for, or None where it says no time.

    A date (RFC 9110, 10.2.3) is held against the answer's own: our clock may be minutes off.
    """
    text = reply.headers.get("Retry-After", "").strip()
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        until, now = (parsedate_to_datetime(t) for t in (text, reply.headers.get("Date", "")))
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
