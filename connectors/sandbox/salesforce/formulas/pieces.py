"""Pieces of SQL with the types formulas know, and what a formula may look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["Number", "Text", "Boolean", "Date", "DateTime", "Picklist", "Null"]

ROW = "\x1f"
"""Stands in compiled SQL for the alias of the row that the formula is of."""


@dataclass(frozen=True)
class Piece:
    """An SQL expression: numbers real, booleans 0 or 1, times as the org's tables keep them."""

    sql: str
    kind: Kind
    texts: tuple[str, ...] = ()
    """The SQL of the texts that it puts together, if that is what it does."""


class Column(Protocol):
    """What a formula needs to know about a field."""

    @property
    def name(self) -> str: ...  # noqa: D102 - as the field's own
    @property
    def type(self) -> str: ...  # noqa: D102
    @property
    def expression(self) -> str: ...  # noqa: D102
    @property
    def refers_to(self) -> tuple[str, ...]: ...  # noqa: D102


class Table(Protocol):
    """What a formula needs to know about an object."""

    @property
    def table(self) -> str: ...  # noqa: D102 - as the object's own
    def find(self, name: str) -> Column | None: ...  # noqa: D102


Tables = Mapping[str, Table]
"""The objects of the org by name."""
