"""Sending one request until it is answered, refused for good or not worth another try."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_result
from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from connectors.errors import QuotaExhaustedError, UnreadableAnswerError
from connectors.exchange import Arrival, Outgoing, Reply, Slowness, path_class
from connectors.faults import Call, Dialect
from connectors.outcomes import Outcome, is_limit, judge_refusal, judge_silence, judge_unreadable
from connectors.pace import Pace, Turn
from connectors.quota import DayQuota
from connectors.records import Quota
from connectors.retries import RetryPolicy
from connectors.sharing import Sharing
from connectors.signing import Bearer
from connectors.tally import Account, Counted, add_everywhere

Answer = TypeVar("Answer")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Waiting:
    """How time passes; tests let it pass at once."""

    sleep: Callable[[float], None] = time.sleep
    """Waits so many seconds."""
    clock: Callable[[], float] = time.monotonic
    """Seconds that only go forward, the same for all processes of this machine."""
    jitter: Callable[[], float] = random.random
    """From 0 to 1: so many quarters of a retry's wait are added to it."""


class Delivery:
    """Sends by one policy, keeps to the limits of one credential and counts; for many threads."""

    def __init__(
        self,
        dialect: Dialect,
        policy: RetryPolicy | None = None,
        sharing: Sharing | None = None,
        key: str = "alone",
        waiting: Waiting | None = None,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            dialect: How the CRM speaks.
            policy: How patient to be.
            sharing: What is left to other processes and apps.
            key: Names the credential whose limits these are (`sharing.credential_key`).
            waiting: How time passes.
        """
        sharing = sharing or Sharing()
        self.bearer: Bearer | None = None
        """Renews what a 401 says has ended."""
        self._dialect = dialect
        self._policy = policy or RetryPolicy()
        self._timeout = Timeout(
            connect=self._policy.connect_timeout, read=self._policy.read_timeout
        )
        self._waiting = waiting or Waiting()
        self._slowness = Slowness(
            self._policy.read_timeout, self._policy.least_rate, self._waiting.clock
        )
        self._account = Account()
        self.calls = self._account.counts
        self._quota = DayQuota(dialect.crm, sharing, self._waiting.clock)
        file = sharing.folder / f"{dialect.crm}-{key}.sqlite" if sharing.folder else None
        self._pace = Pace(dialect.rates, file, self._waiting.clock)
        self._heard = threading.local()

    @property
    def latest_date(self) -> str:
        """The Date header of the latest answer to this thread."""
        return getattr(self._heard, "date", "")

    @property
    def quota(self) -> Quota | None:
        """The day's calls as the latest answer told; None before the first that did."""
        return self._quota.latest

    def ask_quota_anew(self) -> None:
        """Let the next call pass, whatever the latest answer told of the day's calls."""
        self._quota.ask_anew()

    def deliver(self, outgoing: Outgoing, take: Callable[[BaseHTTPResponse], Answer]) -> Answer:
        """Send it and return what `take` makes of the answer.

        Raises:
            CrmError: for whatever is not an answer.
        """
        call = self.classify(outgoing)
        # One for each request: an attempt may renew a token, which is a request of its own.
        outcome: Outcome[Answer] = Retrying(
            retry=retry_if_result(lambda outcome: outcome.again),
            stop=lambda state: state.attempt_number >= self._attempts(_outcome_of(state)),
            wait=self._choose_wait,
            sleep=self.pause,
            before_sleep=lambda state: self._begin_wait(outgoing, call, state),
            retry_error_callback=_outcome_of,
        )(self._attempt, outgoing, call, take)
        if outcome.error is not None:
            # Not chained: the text of what lies beneath holds query values.
            raise outcome.error from None
        return cast("Answer", outcome.answer)

    def _attempt(
        self, outgoing: Outgoing, call: Call, take: Callable[[BaseHTTPResponse], Answer]
    ) -> Outcome[Answer]:
        try:
            raw = self._send_once(outgoing, call)
            if raw.status < 300:
                return Outcome(take(raw))
            reply = self.read(outgoing, raw)
        except (HTTPError, OSError) as fault:
            return judge_silence(self._dialect, outgoing, call, fault)
        except UnreadableAnswerError as fault:
            return judge_unreadable(call, fault)
        outcome: Outcome[Answer] = judge_refusal(self._dialect, call, reply)
        if is_limit(outcome.error, outcome.holds):
            self._count("limited")
        if isinstance(outcome.error, QuotaExhaustedError):
            self._quota.spend()
        if reply.status == requests.codes.unauthorized and self._sign_anew(outgoing):
            return Outcome(error=outcome.error, again=True, first_wait=outgoing.signing_wait)
        return outcome

    def _send_once(self, outgoing: Outgoing, call: Call) -> BaseHTTPResponse:
        if call.costs:
            self._quota.check(outgoing.place)
        turn, told = self._await_turn(call.lane), None
        self._count(call.purpose)
        try:
            raw = outgoing.pool.urlopen(
                outgoing.method,
                outgoing.target,
                body=outgoing.body,
                headers=outgoing.headers,
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=self._timeout,
                preload_content=False,
            )
            allowance = self._dialect.read_allowance(raw.headers)
            if allowance.quota is not None:
                self._quota.learn(allowance.quota)
            if raw.status < 300:
                told = allowance.lane
                self._heard.date = raw.headers.get("Date", "")
        finally:
            self._pace.give_back(turn, told)
        return raw

    def read(self, outgoing: Outgoing, raw: BaseHTTPResponse) -> Reply:
        """Read an answer to its end."""
        return Reply(raw.status, raw.headers, self.arrival(raw).read(), outgoing.place)

    def arrival(self, raw: BaseHTTPResponse) -> Arrival:
        """Return an answer that is yet to be read, and may not take for ever."""
        return Arrival(raw, self._slowness)

    def _sign_anew(self, outgoing: Outgoing) -> bool:
        """Sign once more, by the token in use now; a key that can't change gets a second try.

        All other headers stay: losing Sforce-Auto-Assign here would reassign owners.
        """
        refused = outgoing.headers.get("Authorization", "")
        if self.bearer is None or outgoing.signed_anew or not refused.startswith("Bearer "):
            return False
        signature = self.bearer.authorization(refused)
        outgoing.headers["Authorization"] = signature
        outgoing.signed_anew = True
        outgoing.signing_wait = 1.0 if signature == refused else 0.0
        return True

    def _attempts(self, outcome: Outcome[Any]) -> int:
        return self._policy.attempts_of(outcome.patience)

    def _choose_wait(self, state: RetryCallState) -> float:
        return self._policy.wait(_outcome_of(state), state.attempt_number, self._waiting.jitter())

    def _begin_wait(self, outgoing: Outgoing, call: Call, state: RetryCallState) -> None:
        """Tell of the retry; let the whole lane wait where the refusal is meant for it."""
        self._count("retried")
        outcome = _outcome_of(state)
        if outcome.holds:
            self._pace.hold(call.lane, state.upcoming_sleep)
        _LOG.info(
            "%s %s %s: %s %s; again in %.1f s",
            self._dialect.crm,
            outgoing.method,
            path_class(outgoing.url),
            type(outcome.error).__name__,
            outcome.error.what if outcome.error else "",
            state.upcoming_sleep,
        )

    def _await_turn(self, lane: str) -> Turn:
        while not isinstance(found := self._pace.take(lane), Turn):
            self.pause(found)
        return found

    def classify(self, outgoing: Outgoing) -> Call:
        """Return what a request is for."""
        return self._dialect.classify(outgoing.method, urlsplit(outgoing.url).path)

    def _count(self, name: Counted, amount: float = 1) -> None:
        add_everywhere(self._account, name, amount)

    def pause(self, seconds: float) -> None:
        """Wait, and count it among what limits and faults have cost."""
        self._count("waited_seconds", seconds)
        self._waiting.sleep(seconds)


def _outcome_of(state: RetryCallState) -> Outcome[Any]:
    found: Outcome[Any] = state.outcome.result() if state.outcome else Outcome()
    return found
