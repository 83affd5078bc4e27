"""Records that a CRM refused: when to try them again. Pure.

What may pass by itself is tried by the next run; what somebody has to mend (a validation rule, a
value the field does not take) waits longer each time, and not at all once another value is wanted.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.sync.changes import FieldChange
from pipelines.sync.values import to_text

FIRST_WAIT, LONGEST_WAIT = timedelta(hours=6), timedelta(days=7)

PASSING = frozenset(
    {
        "LOST",
        "MERGED",
        "NO_RESULT",
        "REQUEST_LIMIT_EXCEEDED",
        "SERVER_UNAVAILABLE",
        "UNABLE_TO_LOCK_ROW",
        "UNPROCESSED",
    }
)
"""Codes of refusals that another try may find gone."""


@dataclass(frozen=True)
class Refusal:
    """What a CRM last refused of one record."""

    code: str
    wanted: str
    """Identifies the values that were refused, see `fingerprint`."""
    attempts: int
    next_at: datetime
    """When the same values are sent again (UTC)."""


def fingerprint(changes: Sequence[FieldChange]) -> str:
    """Identify the values that are wanted of a record."""
    values = sorted((change.field, to_text(change.new)) for change in changes)
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def refuse(
    earlier: Refusal | None, changes: Sequence[FieldChange], code: str, at: datetime
) -> Refusal:
    """Return what is known of a record once it was refused, the time of the next try included."""
    wanted = fingerprint(changes)
    same = earlier is not None and (earlier.wanted, earlier.code) == (wanted, code)
    attempts = earlier.attempts + 1 if earlier is not None and same else 1
    return Refusal(code, wanted, attempts, at + wait_of(code, attempts))


def wait_of(code: str, attempts: int) -> timedelta:
    """Return how long the same values are held back after so many refusals in a row."""
    if code in PASSING:
        return timedelta(0)
    doublings = min(attempts - 1, 10)
    return min(FIRST_WAIT * float(2**doublings), LONGEST_WAIT)


def is_held_back(refusal: Refusal | None, changes: Sequence[FieldChange], as_of: datetime) -> bool:
    """Tell whether these changes were refused before and it is too early to try again."""
    if refusal is None or as_of >= refusal.next_at:
        return False
    return refusal.wanted == fingerprint(changes)
