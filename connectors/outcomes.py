"""What came of one attempt to send a request, and whether another one makes sense."""

import ssl
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NewConnectionError,
    ProxyError,
    SSLError,
)
from urllib3.util.ssl_match_hostname import CertificateError

from connectors.errors import (
    ConfigError,
    CrmError,
    RateLimitedError,
    RetriableError,
    UnavailableError,
    UnreadableAnswerError,
)
from connectors.exchange import Outgoing, Reply
from connectors.faults import CHECK_BASE_URL, Call, Dialect, judge, to_error

Answer = TypeVar("Answer")
Patience = Literal["usual", "connecting", "reading"]
"""How often it is tried: an address where nothing answers, or where something else than a CRM
does, is named soon."""


_OF_ITS_OWN = frozenset({403, 404})
"""What only the CRM can say: that it hides something, or lacks it."""


@dataclass(frozen=True)
class Outcome(Generic[Answer]):
    """An answer for the caller, or an error and whether to try again."""

    answer: Answer | None = None
    error: CrmError | None = None
    again: bool = False
    patience: Patience = "usual"
    first_wait: float = 1.0
    """Seconds before the first retry; each further wait doubles."""
    holds: bool = False
    """Whether the whole lane waits, and not this call alone."""


def judge_silence(
    dialect: Dialect, outgoing: Outgoing, call: Call, fault: HTTPError | OSError
) -> Outcome[Answer]:
    """Judge a connection that failed or an answer that broke off.

    The fault's own text holds query values and is left out.
    """
    place, kind = outgoing.place, type(fault).__name__
    reads = call.purpose == "read"
    if isinstance(fault, LocationValueError) or _is_untrusted(fault):
        what = f"no secure connection ({kind})"
        return Outcome(error=ConfigError(dialect.crm, place, what, CHECK_BASE_URL))
    if reads and _is_plain(fault):
        what = f"no secure connection ({kind})"
        wrong = ConfigError(dialect.crm, place, what, CHECK_BASE_URL)
        return Outcome(error=wrong, again=True, patience="connecting", first_wait=0.5)
    if isinstance(fault, NewConnectionError | ConnectTimeoutError | ProxyError):
        what = "nothing answers at this address"
        error = UnavailableError(dialect.crm, place, what, CHECK_BASE_URL)
        return Outcome(error=error, again=True, patience="connecting", first_wait=0.5)
    what = f"the answer broke off or came too late ({kind})"
    error = UnavailableError(dialect.crm, place, what)
    return Outcome(error=error, again=reads)


def _is_untrusted(fault: HTTPError | OSError) -> bool:
    """Tell whether the certificate is not the host's; every other fault of TLS may pass."""
    cause = fault.args[0] if isinstance(fault, SSLError) and fault.args else None
    return isinstance(cause, ssl.SSLCertVerificationError | CertificateError)


def _is_plain(fault: HTTPError | OSError) -> bool:
    """Tell whether what answers speaks no TLS, as an overloaded proxy does now and then."""
    cause = fault.args[0] if isinstance(fault, SSLError) and fault.args else None
    return isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER"


def judge_refusal(dialect: Dialect, call: Call, reply: Reply) -> Outcome[Answer]:
    """Judge an answer that is a refusal."""
    fault = dialect.explain(reply)
    if reply.status in _OF_ITS_OWN and not fault.heard:
        what = f"HTTP {reply.status} came from something on the way, not from the CRM"
        unread = UnreadableAnswerError(dialect.crm, reply.where, what, CHECK_BASE_URL)
        return judge_unreadable(call, unread)
    verdict = judge(dialect, fault)
    error = to_error(dialect, reply, fault)
    passes = isinstance(error, RetriableError)
    return Outcome(
        error=error,
        again=passes and (call.purpose == "read" or verdict.acted == "no"),
        first_wait=verdict.first_wait,
        holds=verdict.holds,
    )


def judge_unreadable(call: Call, error: UnreadableAnswerError) -> Outcome[Answer]:
    """Judge an answer that is not what the API promises: a page of a proxy, a torn body."""
    again = call.purpose == "read"
    return Outcome(error=error, again=again, patience="reading", first_wait=0.5)


def is_limit(error: CrmError | None, holds: bool) -> bool:
    """Tell whether we were too fast: a locked record is no such refusal."""
    return holds and isinstance(error, RateLimitedError)
