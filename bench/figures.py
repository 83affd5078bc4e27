"""Figures, each beside its floor, in a table."""

import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One rate: what was done, in which units, and what the machine could do at best."""

    what: str
    unit: str
    rate: float
    floor: float


def machine() -> str:
    """Return what the figures were measured on; nothing that names the machine."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def megabytes(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1_000_000:,.0f} MB"


def as_table(figures: Iterable[Figure]) -> Table:
    """Return a table of figures, their floors, and what part of the floor they reach."""
    table = Table("", "unit", title="Sandbox CRMs")
    for heading in ("sandbox", "floor", "sandbox / floor"):
        table.add_column(heading, justify="right")
    for one in figures:
        part = f"{one.rate / one.floor:.0%}"
        table.add_row(one.what, one.unit, f"{one.rate:,.0f}", f"{one.floor:,.0f}", part)
    return table
