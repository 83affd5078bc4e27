"""The merge of one field: the last value we wrote, the value in the CRM now, the value wanted.

Pure. The policies are those of `docs/syncs.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from connectors.records import Value
from pipelines.sync.config import SyncField

Verdict = Literal["write", "unchanged", "kept_human"]


@dataclass(frozen=True)
class Sides:
    """Three values of one field, normalised, and what is known of a person's."""

    last: Value
    """What we wrote last; None where we never wrote, or wrote nothing."""
    now: Value
    wanted: Value
    edited_since: datetime | None = None
    """When the value that is there now was first seen, where it is not ours (UTC)."""


def decide(field: SyncField, sides: Sides, as_of: datetime, order: Sequence[str] = ()) -> Verdict:
    """Return what to do about one field of one record.

    Args:
        field: Its mapping and policy.
        sides: The three values.
        as_of: The instant the plan is made at (UTC).
        order: Its values from the first to the last, for `forward_only`; a value that is not among
            them stands before all others.
    """
    wanted = None if field.policy == "clear" else sides.wanted
    if sides.now == wanted or _is_noise(field, sides.now, wanted):
        return "unchanged"
    if field.policy == "forward_only" and is_behind(wanted, sides.now, order):
        return "kept_human" if is_edited(sides) else "unchanged"
    return "kept_human" if _stands(field, sides, as_of) else "write"


def is_behind(wanted: Value, now: Value, order: Sequence[str]) -> bool:
    """Tell whether a value stands before the one that is there; no value stands before all."""
    return _place(wanted, order) < _place(now, order)


def is_edited(sides: Sides) -> bool:
    """Tell whether the value that is there is not the one that we left."""
    return sides.now != sides.last


def _stands(field: SyncField, sides: Sides, as_of: datetime) -> bool:
    """Tell whether the value that is there is a person's, and the policy lets it stand."""
    if not is_edited(sides):
        return False
    if field.policy == "human_wins":
        return True
    if field.policy == "human_wins_for":
        since = sides.edited_since or as_of
        return as_of < since + timedelta(days=field.days or 0)
    return field.policy in {"fill_empty", "clear"} and sides.now is not None


def _place(value: Value, order: Sequence[str]) -> int:
    if value is None:
        return -2
    return order.index(str(value)) if str(value) in order else -1


def _is_noise(field: SyncField, now: Value, wanted: Value) -> bool:
    if not (isinstance(now, Decimal | int) and isinstance(wanted, Decimal | int)):
        return False
    return abs(Decimal(now) - Decimal(wanted)) < Decimal(str(field.min_change))
