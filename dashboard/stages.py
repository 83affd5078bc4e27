"""People per stage, in the order of the path, with the phases apart from the detours."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.rows import StageStock

DETOUR = "detour"
"""The path type of stages beside the path."""


@dataclass(frozen=True)
class PhaseTotal:
    """People in all stages of a phase."""

    label: str
    stage_labels: tuple[str, ...]
    people: int


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


def phase_label(phase: str) -> str:
    """Return a phase's key as words."""
    return phase.replace("_", " ").capitalize()


def phase_totals(stocks: Iterable[StageStock]) -> list[PhaseTotal]:
    """Return the headline numbers: people per phase, then people on detours."""
    stocks = list(stocks)
    groups = {
        phase_label(phase): [stock for stock in path_stages(stocks) if stock.phase == phase]
        for phase in phases(stocks)
    }
    groups["Detours"] = detours(stocks)
    return [
        PhaseTotal(label, tuple(s.stage_label for s in group), sum(s.people for s in group))
        for label, group in groups.items()
    ]
