"""What a CRM's refusal means: a table from status and code to an error, its wait and next step.

A refusal's body may quote people's values, so an error carries only the CRM's code and names
(fields, scopes, correlation ids) that a dialect has picked out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyrate_limiter import Rate
from requests import PreparedRequest, Response

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
    UnavailableError,
)
from connectors.records import Crm

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
    """Seconds, from the Retry-After header; None where it is absent or not a number."""


@dataclass(frozen=True)
class Verdict:
    """What a refusal means for the caller."""

    error: type[CrmError]
    next_step: str = ""
    first_wait: float = 1.0
    """Seconds before the first retry; each further wait doubles."""
    acted: Literal["no", "perhaps"] = "no"
    """Whether the CRM may have carried out the request all the same."""


@dataclass(frozen=True)
class Call:
    """What a request is for."""

    purpose: Literal["read", "write"]
    lane: str = "default"
    """Name of the rate limit it counts against."""


@dataclass(frozen=True)
class Dialect:
    """How one CRM classifies requests, explains refusals and limits rates."""

    crm: Crm
    classify: Callable[[str, str], Call]
    """From method and path."""
    explain: Callable[[Response], Fault]
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """By the CRM's own code; these come before the status table."""
    rates: Mapping[str, Sequence[Rate]] = field(default_factory=dict)
    """By lane. A lane without rates is not limited."""


STATUS_VERDICTS: Mapping[int, Verdict] = {
    400: Verdict(InvalidRequestError),
    401: Verdict(AuthError, CHECK_CREDENTIALS),
    403: Verdict(ForbiddenError, "give our user or key the permissions named in the set-up guide"),
    404: Verdict(NotFoundError),
    408: Verdict(UnavailableError, acted="perhaps"),
    409: Verdict(ConflictError),
    423: Verdict(RateLimitedError, first_wait=2.0),
    429: Verdict(RateLimitedError),
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


def to_error(dialect: Dialect, request: PreparedRequest, fault: Fault) -> CrmError:
    """Build the error that the caller sees."""
    verdict = judge(dialect, fault)
    place = whereabouts(request)
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


def whereabouts(request: PreparedRequest) -> str:
    """Return method, host and path. Query values may hold personal data and are left out."""
    address = (request.url or "").partition("?")[0]
    return f"{request.method} {address.partition('://')[2] or address}"


def read_retry_after(response: Response) -> float | None:
    """Return the Retry-After header in seconds, or None where it is absent or not a number."""
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.replace(".", "", 1).isdigit() else None
