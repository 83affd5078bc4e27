"""What a plan may do without a person's approval. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.sync.config import Guards
from pipelines.sync.plan import Plan, RecordPlan


@dataclass(frozen=True)
class Finding:
    """A guard that a plan does not pass."""

    guard: str
    limit: float
    found: float

    def __str__(self) -> str:
        """Return the finding as a sentence's part."""
        return f"{self.guard}: {self.found:.1%} of records, {self.limit:.1%} allowed"


def check_plan(plan: Plan, guards: Guards) -> tuple[Finding, ...]:
    """Return the guards that the plan does not pass; none means it may be applied.

    Records that get their first values overwrite nothing and count for no guard, so that a first
    sync, or one that was cut off, goes through.
    """
    if plan.source < max(guards.from_records, 1):
        return ()
    shares = {
        "overwritten_share": (guards.max_overwritten_share, _share(plan, _overwrites)),
        "cleared_share": (guards.max_cleared_share, _share(plan, _clears)),
    }
    return tuple(
        Finding(name, limit, found) for name, (limit, found) in shares.items() if found > limit
    )


def _share(plan: Plan, counts: Callable[[RecordPlan], bool]) -> float:
    return sum(counts(record) for record in plan.records) / plan.source


def _overwrites(record: RecordPlan) -> bool:
    return any(change.old is not None for change in record.changes)


def _clears(record: RecordPlan) -> bool:
    return any(change.old is not None and change.new is None for change in record.changes)
