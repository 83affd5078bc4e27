"""Opportunities that are open now, or were won or lost in the months shown."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal

from dashboard.rows import Opportunity

STATES = ("open", "won", "lost")


@dataclass(frozen=True)
class Total:
    """A group of opportunities: how many, the sum of the amounts known, and people's parts."""

    state: str
    stage_label: str | None
    count: int
    amount: Decimal | None
    people: int


def open_or_closed_in(
    opportunities: Iterable[Opportunity], months: Collection[date]
) -> list[Opportunity]:
    """Keep the open ones and those closed in these months (first days, by the day in UTC)."""
    return [
        opportunity
        for opportunity in opportunities
        if opportunity.closed_at is None
        or opportunity.closed_at.astimezone(UTC).date().replace(day=1) in months
    ]


def state_totals(opportunities: Sequence[Opportunity]) -> list[Total]:
    """Return one total for each state, empty ones included."""
    return [
        _total(state, None, [one for one in opportunities if one.state == state])
        for state in STATES
    ]


def stage_totals(opportunities: Iterable[Opportunity]) -> list[Total]:
    """Return one total for each stage in a state: open, won, lost, the greatest amount first."""
    groups: dict[tuple[str, str | None], list[Opportunity]] = {}
    for one in opportunities:
        groups.setdefault((one.state, one.stage_label), []).append(one)
    totals = [_total(state, label, members) for (state, label), members in groups.items()]
    return sorted(
        totals,
        key=lambda t: (STATES.index(t.state), -(t.amount or 0), -t.count, t.stage_label or ""),
    )


def _total(state: str, stage_label: str | None, members: Sequence[Opportunity]) -> Total:
    known = [one.amount for one in members if one.amount is not None]
    amount = sum(known, Decimal(0)) if known else None
    return Total(state, stage_label, len(members), amount, sum(one.people for one in members))


def table_of(opportunities: Iterable[Opportunity]) -> list[dict[str, object]]:
    """Return opportunities by state and stage as rows of a table; they sum to the states."""
    return [
        {
            "State": total.state.capitalize(),
            "Stage": total.stage_label,
            "Opportunities": total.count,
            "Amount": total.amount,
            "People": total.people,
        }
        for total in stage_totals(opportunities)
    ]
