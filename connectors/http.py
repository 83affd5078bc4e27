"""One transport for every CRM: time-outs, rates, retries, counts and honest errors.

A vendor's SDK does its calls through a `requests` session whose adapter is a `Transport`, so that
every request, whoever made it, follows one policy. The session raises our errors before the SDK
sees a refusal.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from tenacity import RetryCallState, Retrying, retry_if_result

from connectors.errors import (
    ConfigError,
    CrmError,
    RetriableError,
    UnavailableError,
)
from connectors.faults import CHECK_BASE_URL, Call, Dialect, judge, to_error, whereabouts
from connectors.pace import Pace
from connectors.records import CallCounts, Crm


@dataclass(frozen=True)
class RetryPolicy:
    """How patient the transport is. Times in seconds."""

    connect_timeout: float = 3.05
    read_timeout: float = 60.0
    attempts: int = 5
    connect_attempts: int = 3
    """For an address where nothing answers: the user should hear of it within seconds."""
    longest_wait: float = 60.0
    """A Retry-After beyond it is not believed."""


@dataclass(frozen=True)
class _Outcome:
    """One attempt: an answer for the caller, or an error and whether to try again."""

    response: requests.Response | None = None
    error: CrmError | None = None
    again: bool = False
    attempts: int = 1
    first_wait: float = 1.0


class Transport(HTTPAdapter):
    """A `requests` adapter that sends by one policy and counts what it sends.

    Reads are repeated after any passing fault. A write is repeated only where the CRM cannot have
    acted (nothing was sent, or it answered that it did nothing); otherwise `UnavailableError` is
    raised and the caller reads back what happened.
    """

    def __init__(
        self,
        dialect: Dialect,
        policy: RetryPolicy | None = None,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        super().__init__()
        self.calls = CallCounts()
        self.latest_date = ""
        """The Date header of the latest answer: the CRM's own clock."""
        self._dialect = dialect
        self._policy = policy or RetryPolicy()
        self._sleep = sleep
        self._jitter = jitter
        self._pace = Pace(dialect.rates)

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        """Send the request until it is answered, refused for good or not worth another try.

        Raises:
            CrmError: for what is not an answer. Refusals that no retry mends are returned.
        """
        path = urlsplit(str(request.url)).path
        call = self._dialect.classify(request.method or "GET", path)
        options["timeout"] = (self._policy.connect_timeout, self._policy.read_timeout)
        outcome: _Outcome = Retrying(
            retry=retry_if_result(lambda result: result.again),
            stop=lambda state: state.attempt_number >= _outcome_of(state).attempts,
            wait=self._choose_wait,
            sleep=self._pause,
            before_sleep=self._count_retry,
            retry_error_callback=_outcome_of,
        )(self._attempt, request, call, options)
        if outcome.response is None:
            # Not chained: the SDK's own exception text holds query values.
            raise outcome.error or UnavailableError(self._dialect.crm, whereabouts(request))
        return outcome.response

    def _attempt(
        self, request: requests.PreparedRequest, call: Call, options: Mapping[str, Any]
    ) -> _Outcome:
        self._await_turn(call.lane)
        self._count(call)
        try:
            response = super().send(request, **options)
            response.content  # noqa: B018 - reads the body here, where a torn one is retried
        except RequestException as fault:
            return self._judge_silence(request, call, fault)
        if response.status_code < 300:
            self.latest_date = response.headers.get("Date", "")
            return _Outcome(response)
        return self._judge_refusal(request, call, response)

    def _judge_silence(
        self, request: requests.PreparedRequest, call: Call, fault: RequestException
    ) -> _Outcome:
        place = whereabouts(request)
        if isinstance(fault, requests.exceptions.SSLError | requests.exceptions.InvalidURL):
            what = f"no secure connection ({type(fault).__name__})"
            return _Outcome(error=ConfigError(self._dialect.crm, place, what, CHECK_BASE_URL))
        if _never_sent(fault):
            error = UnavailableError(
                self._dialect.crm, place, "nothing answers at this address", CHECK_BASE_URL
            )
            attempts = self._policy.connect_attempts
            return _Outcome(error=error, again=True, attempts=attempts, first_wait=0.5)
        what = f"the answer broke off or came too late ({type(fault).__name__})"
        error = UnavailableError(self._dialect.crm, place, what)
        again = call.purpose == "read"
        return _Outcome(error=error, again=again, attempts=self._policy.attempts)

    def _judge_refusal(
        self, request: requests.PreparedRequest, call: Call, response: requests.Response
    ) -> _Outcome:
        fault = self._dialect.explain(response)
        verdict = judge(self._dialect, fault)
        if not issubclass(verdict.error, RetriableError):
            return _Outcome(response)
        return _Outcome(
            error=to_error(self._dialect, request, fault),
            again=call.purpose == "read" or verdict.acted == "no",
            attempts=self._policy.attempts,
            first_wait=verdict.first_wait,
        )

    def _choose_wait(self, state: RetryCallState) -> float:
        outcome = _outcome_of(state)
        asked = outcome.error.retry_after if isinstance(outcome.error, RetriableError) else None
        if asked is not None and asked <= self._policy.longest_wait:
            return asked
        backoff = outcome.first_wait * float(2 ** (state.attempt_number - 1))
        return min(backoff * (1 + self._jitter() / 4), self._policy.longest_wait)

    def _await_turn(self, lane: str) -> None:
        while wait := self._pace.take(lane):
            self._pause(wait)

    def _count(self, call: Call) -> None:
        if call.purpose == "read":
            self.calls.read += 1
        else:
            self.calls.write += 1

    def _count_retry(self, _state: RetryCallState) -> None:
        self.calls.retried += 1

    def _pause(self, seconds: float) -> None:
        self.calls.waited_seconds += seconds
        self._sleep(seconds)


def open_session(
    transport: Transport, dialect: Dialect, base_url: str, session: requests.Session | None = None
) -> requests.Session:
    """Let a session send through the transport and raise our errors for refusals."""
    session = session or requests.Session()

    def refuse(response: requests.Response, **_options: Any) -> None:
        if response.status_code >= 300:
            raise to_error(dialect, response.request, dialect.explain(response))

    session.mount("https://", transport)
    session.mount("http://", transport)
    session.hooks["response"].append(refuse)
    # A proxy of the environment cannot reach a sandbox on this machine.
    session.trust_env = not _is_loopback(base_url)
    return session


def check_base_url(crm: Crm, base_url: str) -> str:
    """Return the address without a trailing slash.

    Raises:
        ConfigError: where it is not an http or https address of a host.
    """
    parts = urlsplit(base_url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(crm, "base_url", "not an http or https address", CHECK_BASE_URL)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _outcome_of(state: RetryCallState) -> _Outcome:
    result = state.outcome.result() if state.outcome else None
    return result if isinstance(result, _Outcome) else _Outcome()


def _never_sent(fault: RequestException) -> bool:
    """Tell whether the connection failed: urllib3 wraps only those faults in MaxRetryError."""
    reason = fault.args[0] if fault.args else None
    refused = type(reason).__name__ == "MaxRetryError"
    return isinstance(fault, requests.exceptions.ConnectTimeout) or (
        isinstance(fault, requests.exceptions.ConnectionError) and refused
    )
