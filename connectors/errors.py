"""What can go wrong with a CRM, grouped by what the caller does next.

    CrmError
    |-- ConfigError             stop: a person must change a setting
    |   `-- AuthError           stop: the CRM refused the credentials
    |       `-- ForbiddenError  stop, or skip: our user may not do this
    |-- RetriableError          retry later: nothing is wrong with the request
    |   |-- RateLimitedError    retry after `retry_after` seconds
    |   `-- UnavailableError    the CRM did not answer, or answered with a fault
    |-- QuotaExhaustedError     stop until the allowance returns; the work so far stands
    |-- UnreadableAnswerError   stop the stream: an answer that is not what the API promises
    |-- FailedRecordsError      read all others, then fail: these records alone did not come
    |-- SkippedStreamError      skip the stream: the CRM lacks its object or hides it from us
    `-- RejectedRequestError    skip: the CRM will never take this request as it is
        |-- NotFoundError       the record or path does not exist
        |-- ConflictError       it exists already
        |-- TooLongError        ask for less at once: fewer fields, fewer ids
        `-- InvalidRequestError a value or name is refused

The message is the first line of the class's docstring; facts are fields, printed after it, and
never hold a secret or a person's field value.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import ClassVar, TypeVar

Answer = TypeVar("Answer")


@dataclass(eq=False)
class CrmError(Exception):
    """The CRM call failed."""

    crm: str
    where: str
    what: str = ""
    next_step: str = ""
    otherwise: ClassVar[str] = ""
    """The next step where nobody knows a better one."""

    def __str__(self) -> str:
        """Return the constant message, the facts and the next step as one line."""
        message = (type(self).__doc__ or "").strip().splitlines()[0]
        facts = [f"{f.name}: {getattr(self, f.name)}" for f in fields(self) if f.name not in _PROSE]
        text = f"{message} ({'; '.join(fact for fact in facts if not fact.endswith(': '))})"
        text += f" {self.what}" if self.what else ""
        step = self.next_step or self.otherwise
        return text + (f" -> {step}" if step else "")


_PROSE = frozenset({"what", "next_step", "record_ids"})


@dataclass(eq=False)
class ConfigError(CrmError):
    """A setting is missing or wrong."""


@dataclass(eq=False)
class AuthError(ConfigError):
    """The CRM refused the credentials."""


@dataclass(eq=False)
class ForbiddenError(AuthError):
    """The CRM knows our user, who lacks a permission for this."""


@dataclass(eq=False)
class RetriableError(CrmError):
    """The CRM can't answer now."""

    otherwise = "run again later; what is done stands"
    retry_after: float | None = None


@dataclass(eq=False)
class RateLimitedError(RetriableError):
    """The CRM asked us to slow down."""

    policy: str = ""


@dataclass(eq=False)
class UnavailableError(RetriableError):
    """The CRM can't be reached or is faulty."""


@dataclass(eq=False)
class QuotaExhaustedError(CrmError):
    """The CRM's allowance of calls is used up."""


@dataclass(eq=False)
class UnreadableAnswerError(CrmError):
    """The CRM sent an answer that is not what its API promises."""

    otherwise = "run again; if it stays so, tell us the time and this line"


@dataclass(eq=False)
class FailedRecordsError(CrmError):
    """The CRM fails at single records, and gave all others."""

    otherwise = "each run asks for them by id, until they come"
    record_ids: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Name the records, or the first of many."""
        ids = sorted(self.record_ids)
        more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
        self.what = f"These did not come: {', '.join(ids[:MOST_NAMED])}{more}."


MOST_NAMED = 10
"""Records that an error names."""


@dataclass(eq=False)
class SkippedStreamError(CrmError):
    """The stream was skipped: the CRM lacks its object or hides it from our user."""


@dataclass(eq=False)
class RejectedRequestError(CrmError):
    """The CRM refused the request."""

    code: str = ""
    status: int = 0


@dataclass(eq=False)
class NotFoundError(RejectedRequestError):
    """The record or path does not exist in the CRM."""


@dataclass(eq=False)
class ConflictError(RejectedRequestError):
    """It exists in the CRM already."""


@dataclass(eq=False)
class TooLongError(RejectedRequestError):
    """The request is longer than the CRM takes."""


@dataclass(eq=False)
class InvalidRequestError(RejectedRequestError):
    """The CRM refused a name or a value."""


ABSENT_OR_HIDDEN = (ForbiddenError, NotFoundError)
"""How a CRM refuses what it lacks, and what our user may not see."""


PASSING = 1.0
"""Seconds after which a refusal is asked about again: behind a gateway, or while HubSpot or
Salesforce is being deployed, one that passes looks like one that stays."""


def ask_twice(ask: Callable[[], Answer], pause: Callable[[float], None]) -> Answer:
    """Return the answer, to a second question where the first is refused: one refusal may pass.

    Raises:
        ForbiddenError, NotFoundError: it was refused twice running.
    """
    with suppress(*ABSENT_OR_HIDDEN):
        return ask()
    pause(PASSING)
    return ask()


def first_answer(
    crm: str, stream: str, ask: Callable[[], Answer], pause: Callable[[float], None]
) -> Answer:
    """Return the answer to the first question about an object.

    What is refused after the CRM has answered is no object that it lacks or hides, and passing over
    it would lose records without a word. Nor would a single refusal do: the stream would be called
    skipped, with all its records missing.

    Args:
        crm: The CRM.
        stream: The object's stream.
        ask: Asks once, from the beginning.
        pause: Waits so many seconds.

    Raises:
        SkippedStreamError: the CRM lacks or hides the object, as it said twice running; with its
            reason.
    """
    try:
        return ask_twice(ask, pause)
    except ABSENT_OR_HIDDEN as refusal:
        raise SkippedStreamError(crm, stream, refusal.what, refusal.next_step) from refusal
