"""What is read, and what comes of it: shared by both roads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from connectors.records import Field
from connectors.salesforce.soql import Query


@dataclass(frozen=True)
class Wanted:
    """The columns that are read of an object, and of which of its records."""

    object_name: str
    fields: Sequence[Field]
    """Those of the tables; a field that does not exist is not asked for."""
    stamp: str
    """The field that moves whenever a record appears or changes; one of `fields`."""
    conditions: tuple[str, ...] = ()

    def query(self) -> Query:
        """Return the query of all its records."""
        names = tuple(field.name for field in self.fields if field.exists)
        return Query(self.object_name, names, self.conditions)


@dataclass(frozen=True)
class Portion:
    """Some rows, typed."""

    table: pa.Table
    read_at: datetime
    """Salesforce's time when it was asked: all that it showed then has come once the reading is
    over (UTC)."""
    place: str | None = None
    """Where a later run goes on behind them; None where rows come in order of their stamps."""
