"""How often a request is sent, and how long it rests in between."""

from dataclasses import dataclass
from typing import Any

from connectors.errors import RetriableError
from connectors.outcomes import Outcome, Patience


@dataclass(frozen=True)
class RetryPolicy:
    """How patient the transport is. Times in seconds."""

    connect_timeout: float = 3.05
    read_timeout: float = 60.0
    """Of silence."""
    least_rate: float = 1_000.0
    """Bytes a second of a whole answer, after as many seconds as silence may last: a byte now and
    then would hold a run for weeks."""
    attempts: int = 5
    connect_attempts: int = 3
    """For an address where nothing answers: the user should hear of it within seconds."""
    reading_attempts: int = 3
    """For answers that are not what the API promises."""
    longest_wait: float = 60.0
    """Whatever the CRM asks for: some of its answers tell milliseconds."""

    def attempts_of(self, patience: Patience) -> int:
        """Return how often a request is sent at most."""
        return {
            "usual": self.attempts,
            "connecting": self.connect_attempts,
            "reading": min(self.attempts, self.reading_attempts),
        }[patience]

    def wait(self, outcome: Outcome[Any], attempt: int, jitter: float) -> float:
        """Return the seconds to rest: what the CRM asks for, or twice as long each time.

        One that asks for no time at all, or for a moment that is past, has not asked.

        Args:
            outcome: What came of the latest attempt.
            attempt: Its number, from 1.
            jitter: From 0 to 1: so many quarters of the wait are added to it.
        """
        asked = outcome.error.retry_after if isinstance(outcome.error, RetriableError) else None
        if asked:
            return min(asked, self.longest_wait)
        backoff = outcome.first_wait * float(2 ** (attempt - 1))
        return min(backoff * (1 + jitter / 4), self.longest_wait)
