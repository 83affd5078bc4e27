import pytest

from connectors.errors import RateLimitedError, UnavailableError
from connectors.outcomes import Outcome
from connectors.retries import RetryPolicy


def outcome(retry_after: float | None = None, first_wait: float = 2.0) -> Outcome[None]:
    error = RateLimitedError("hubspot", "here", retry_after=retry_after)
    return Outcome(error=error, first_wait=first_wait)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2.0), (2, 4.0), (3, 8.0), (6, 60.0)])
def test_each_wait_is_twice_as_long_up_to_the_longest(attempt: int, seconds: float) -> None:
    assert RetryPolicy().wait(outcome(), attempt, jitter=0.0) == seconds


def test_jitter_adds_up_to_a_quarter() -> None:
    assert RetryPolicy().wait(outcome(), 1, jitter=1.0) == 2.5


def test_what_the_crm_asks_for_is_done_up_to_the_longest_wait() -> None:
    policy = RetryPolicy()
    asked = [policy.wait(outcome(retry_after=seconds), 1, 1.0) for seconds in (7.0, 60.0, 90.0)]
    assert asked == [7.0, 60.0, 60.0]


def test_a_wait_of_no_time_is_none_that_was_asked_for() -> None:
    assert RetryPolicy().wait(outcome(retry_after=0.0), 2, jitter=0.0) == 4.0


def test_an_address_where_nothing_answers_is_given_up_sooner() -> None:
    policy = RetryPolicy(attempts=5)
    assert [policy.attempts_of(each) for each in ("usual", "connecting", "reading")] == [5, 3, 3]
    assert RetryPolicy(attempts=1).attempts_of("reading") == 1


def test_only_a_crm_that_is_busy_asks_for_a_time() -> None:
    error = UnavailableError("hubspot", "here", retry_after=3.0)
    assert RetryPolicy().wait(Outcome(error=error), 1, 0.0) == 3.0
