"""People and accounts per stage, in the order of the path, the detours apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dashboard.rows import StageStock
from dashboard.words import in_words

Counted = Literal["People", "Accounts"]

DETOUR = "detour"
"""The path type of stages beside the path."""

SUCCESS = "success"
"""The path type of stages of the path to the sale."""


@dataclass(frozen=True)
class PhaseTotal:
    """People or accounts in all stages of a phase."""

    label: str
    stage_labels: tuple[str, ...]
    count: int


def count_of(stock: StageStock, counted: Counted) -> int:
    """Return how many people, or accounts, stand in the stage."""
    return stock.people if counted == "People" else stock.accounts


def stages_of(stocks: Iterable[StageStock], counted: Counted) -> list[StageStock]:
    """Return the stages to show: people have none of those that are customers' own."""
    return [
        stock
        for stock in stocks
        if counted == "Accounts" or stock.path_type == SUCCESS or not stock.is_of_accounts
    ]


def is_detour(stock: StageStock) -> bool:
    """Return whether the stage lies beside the path."""
    return stock.path_type == DETOUR


def path_stages(stocks: Iterable[StageStock]) -> list[StageStock]:
    """Return the stages of the path, first to last."""
    return sorted((s for s in stocks if not is_detour(s)), key=lambda s: s.stage_rank)


def detours(stocks: Iterable[StageStock]) -> list[StageStock]:
    """Return the stages beside the path, in their configured order."""
    return sorted((s for s in stocks if is_detour(s)), key=lambda s: s.stage_rank)


def phases(stocks: Iterable[StageStock]) -> list[str]:
    """Return the phases in the order of the path."""
    return list(dict.fromkeys(stock.phase for stock in path_stages(stocks)))


def phase_totals(stocks: Iterable[StageStock], counted: Counted) -> list[PhaseTotal]:
    """Return the headline numbers: people or accounts per phase, then those on detours."""
    stocks = list(stocks)
    groups = {
        in_words(phase): [stock for stock in path_stages(stocks) if stock.phase == phase]
        for phase in phases(stocks)
    }
    groups["Detours"] = detours(stocks)
    return [
        PhaseTotal(
            label,
            tuple(stock.stage_label for stock in group),
            sum(count_of(stock, counted) for stock in group),
        )
        for label, group in groups.items()
    ]


def accounts_only_note(stocks: Iterable[StageStock]) -> str | None:
    """Say why no person stands in a stage of accounts; None where none is configured."""
    notes = [
        f"{stock.stage_label} holds accounts, never people: {stock.accounts:,} show interest"
        " while we know nobody there."
        for stock in stocks
        if stock.is_of_accounts and stock.path_type == SUCCESS
    ]
    return next(iter(notes), None)
