"""Monthly velocity: days from entering a stage to moving on, by the month of the move."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard.rows import StagePeople, VelocityMonth

Measure = Literal["Mean", "Median"]

FEW_MOVES = 5
"""Below this many moves in a month an average says little: its point is drawn hollow."""
DEFAULT_MINIMUM = 10
"""Moves within a year that make a transition worth a line by default."""
DEFAULT_LINES = 8
"""More lines than this are hard to tell apart; nine stages have eight next steps."""


@dataclass(frozen=True, order=True)
class Transition:
    """A move from one stage to another; ordered as the stages are on the path."""

    from_rank: int
    to_rank: int
    from_key: str
    to_key: str
    from_label: str
    to_label: str

    @property
    def label(self) -> str:
        """Name it as people say it."""
        return f"{self.from_label} → {self.to_label}"

    @property
    def is_forward(self) -> bool:
        """Return whether it leads to the next stage or skips ahead."""
        return self.to_rank > self.from_rank


@dataclass(frozen=True)
class View:
    """What the reader looks at: an average, the months shown (first days), and until when."""

    measure: Measure
    months: Sequence[date]
    as_of: date

    def days_of(self, row: VelocityMonth) -> float | None:
        """Return the row's average in days; None where no move was completed."""
        return row.mean_days if self.measure == "Mean" else row.median_days


def transition_of(row: VelocityMonth) -> Transition:
    """Return the transition a row is about."""
    return Transition(
        row.from_stage_rank,
        row.to_stage_rank,
        row.from_stage_key,
        row.to_stage_key,
        row.from_stage_label,
        row.to_stage_label,
    )


def transitions(rows: Iterable[VelocityMonth]) -> list[Transition]:
    """Return every transition there is a row for, in the order of the path."""
    return sorted({transition_of(row) for row in rows})


def months_until(as_of: date, count: int) -> list[date]:
    """Return the first days of the `count` months that end with the month of `as_of`."""
    last = as_of.year * 12 + as_of.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(last - count + 1, last + 1)]


def within(rows: Iterable[VelocityMonth], months: Collection[date]) -> list[VelocityMonth]:
    """Keep the rows of these months."""
    return [row for row in rows if row.period_month in months]


def default_transitions(rows: Iterable[VelocityMonth], as_of: date) -> list[Transition]:
    """Choose the forward transitions that enough people took this year, the busiest of them.

    Where none has enough moves yet (a young company, a demo), the minimum is left out.
    """
    moves: Counter[Transition] = Counter()
    for row in within(rows, months_until(as_of, 12)):
        moves[transition_of(row)] += row.n
    forward = [(n, transition) for transition, n in moves.items() if transition.is_forward and n]
    enough = [(n, transition) for n, transition in forward if n >= DEFAULT_MINIMUM] or forward
    busiest = sorted(enough, key=lambda pair: (-pair[0], pair[1]))[:DEFAULT_LINES]
    return sorted(transition for _, transition in busiest)


def line_of(
    rows: Iterable[VelocityMonth], transition: Transition, months: Sequence[date]
) -> list[VelocityMonth | None]:
    """Return one transition's rows along the months; None where a month has no row."""
    by_month = {row.period_month: row for row in rows if transition_of(row) == transition}
    return [by_month.get(month) for month in months]


def people_still_open(stocks: Iterable[StagePeople], chosen: Iterable[Transition]) -> int:
    """Count the people who stand now in a stage that one of the transitions leaves from."""
    left_from = {transition.from_key for transition in chosen}
    return sum(stock.people for stock in stocks if stock.stage_key in left_from)


def table_of(
    rows: Iterable[VelocityMonth], chosen: Collection[Transition]
) -> list[dict[str, object]]:
    """Return what the chart shows as rows of a table, newest month first."""
    kept = [row for row in rows if transition_of(row) in chosen]
    kept.sort(key=transition_of)
    kept.sort(key=lambda row: row.period_month, reverse=True)
    return [
        {
            "Month": row.period_month,
            "From": row.from_stage_label,
            "To": row.to_stage_label,
            "Mean days": row.mean_days,
            "Median days": row.median_days,
            "Completed moves": row.n,
            "Still open in From": row.n_open,
        }
        for row in kept
    ]
