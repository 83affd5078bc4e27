"""Figures, each beside its floor, in a table."""

import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Target:
    """What a figure must come to: so much at least, or at most."""

    limit: float
    is_most: bool = False

    def is_met_by(self, value: float) -> bool:
        """Return whether a figure is good enough."""
        return value <= self.limit if self.is_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'<=' if self.is_most else '>='} {_shown(self.limit)}"


@dataclass(frozen=True)
class Figure:
    """One figure: what was measured, in which units, and what the machine could do at best."""

    what: str
    unit: str
    value: float
    floor: float | None = None
    target: Target | None = None

    @property
    def is_missed(self) -> bool:
        """Whether it has a target and falls short of it."""
        return self.target is not None and not self.target.is_met_by(self.value)


def machine() -> str:
    """Return what the figures were measured on; nothing that names the machine."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def megabytes(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1_000_000:,.0f} MB"


def as_table(
    figures: Iterable[Figure], title: str = "Sandbox CRMs", whose: str = "sandbox"
) -> Table:
    """Return a table of figures beside their floors and targets."""
    table = Table("", "unit", title=title)
    for heading in (whose, "floor", f"{whose} / floor", "target"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for one in figures:
        table.add_row(one.what, one.unit, _shown(one.value), *_beside_floor(one), *_verdict(one))
    return table


def _shown(value: float) -> str:
    """Return a number with as many places as say something."""
    return f"{value:,.2f}" if value < 100 and value % 1 else f"{value:,.0f}"


def _beside_floor(one: Figure) -> tuple[str, str]:
    return ("", "") if one.floor is None else (_shown(one.floor), f"{one.value / one.floor:.0%}")


def _verdict(one: Figure) -> tuple[str, str]:
    return ("", "") if one.target is None else (str(one.target), ("met", "missed")[one.is_missed])
