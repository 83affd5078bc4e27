"""What a plan may do without a person's approval. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipelines.sync.changes import FieldChange, RecordPlan
from pipelines.sync.config import Guards, SyncField
from pipelines.sync.merging import is_behind
from pipelines.sync.plan import Plan, Terms


@dataclass(frozen=True)
class Finding:
    """A guard that a plan does not pass."""

    guard: str
    limit: float
    found: float
    unit: str = "share"
    """What both numbers are: a share of records, records, or hours."""
    what: str = ""
    """In words, where numbers say nothing."""

    def __str__(self) -> str:
        """Return the finding as a sentence's part."""
        if self.what:
            return f"{self.guard}: {self.what}"
        if self.unit == "share":
            return f"{self.guard}: {self.found:.1%} of records, {self.limit:.1%} allowed"
        return f"{self.guard}: {self.found:.0f} {self.unit}, {self.limit:.0f} allowed"


@dataclass(frozen=True)
class Circumstances:
    """What else speaks for or against sending a plan."""

    age: timedelta = timedelta(0)
    """How old what is published is, by the CRM's clock."""
    rejected_share: float = 0.0
    """Records that the CRM refused in the last run, of those it was sent."""
    drift: tuple[str, ...] = ()
    """What has changed in the CRM's description of our fields."""


USUAL = Circumstances()


def check_plan(
    plan: Plan, guards: Guards, terms: Terms, circumstances: Circumstances = USUAL
) -> tuple[Finding, ...]:
    """Return the guards that the plan does not pass; none means it may be applied.

    Records that get their first values overwrite nothing and count for no guard, so that a first
    sync, or one that was cut off, goes through. A plan without changes passes every guard: there is
    nothing to stop.
    """
    if not plan.records:
        return ()
    fields = {field.column: field for field in terms.sync.fields}
    counted = _count(plan.records, lambda change: _moves(terms, fields[change.column], change))
    return (
        *_shares(plan, guards, counted),
        *_numbers(guards, counted),
        *_about(guards, circumstances),
    )


@dataclass(frozen=True)
class _Counted:
    """Records of a plan, by what is done to them."""

    overwritten: int
    cleared: int
    regressed: int
    owners: int
    created: int


def _shares(plan: Plan, guards: Guards, counted: _Counted) -> list[Finding]:
    if plan.source < max(guards.from_records, 1):
        return []
    shares = {
        "overwritten_share": (guards.max_overwritten_share, counted.overwritten),
        "cleared_share": (guards.max_cleared_share, counted.cleared),
        "regressed_share": (guards.max_regressed_share, counted.regressed),
    }
    return [
        Finding(name, limit, records / plan.source)
        for name, (limit, records) in shares.items()
        if records / plan.source > limit
    ]


def _numbers(guards: Guards, counted: _Counted) -> list[Finding]:
    numbers = {
        "overwritten_records": (guards.max_overwritten_records, counted.overwritten),
        "owner_changes": (guards.max_owner_changes, counted.owners),
        "created_records": (guards.max_created_records, counted.created),
    }
    return [
        Finding(name, limit, records, "records")
        for name, (limit, records) in numbers.items()
        if limit is not None and records > limit
    ]


def _about(guards: Guards, circumstances: Circumstances) -> list[Finding]:
    found = []
    hours = circumstances.age / timedelta(hours=1)
    if guards.max_age_hours is not None and hours > guards.max_age_hours:
        found.append(Finding("age_hours", guards.max_age_hours, hours, "hours"))
    if circumstances.rejected_share > guards.max_rejected_share:
        limit, share = guards.max_rejected_share, circumstances.rejected_share
        found.append(Finding("rejected_share_of_last_run", limit, share))
    if circumstances.drift:
        found.append(Finding("schema_drift", 0, 0, what="; ".join(circumstances.drift)))
    return found


def _count(
    records: Sequence[RecordPlan], moves: Callable[[FieldChange], tuple[bool, bool]]
) -> _Counted:
    overwritten = cleared = regressed = owners = created = 0
    for record in records:
        created += record.is_new
        replaced = [change for change in record.changes if change.old is not None]
        overwritten += bool(replaced)
        cleared += any(change.new is None for change in replaced)
        back, owner = zip(*map(moves, replaced), strict=True) if replaced else ((), ())
        regressed += any(back)
        owners += any(owner)
    return _Counted(overwritten, cleared, regressed, owners, created)


def _moves(terms: Terms, field: SyncField, change: FieldChange) -> tuple[bool, bool]:
    """Tell whether a change takes a stage back, and whether it gives a record to somebody else."""
    back = field.role == "stage" and is_behind(change.new, change.old, terms.order_of(field))
    return back, field.role == "owner"
