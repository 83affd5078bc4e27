"""The state store's database, and what its parts share."""

from typing import Any

import sqlalchemy as sa

from pipelines.sync import tables as t
from pipelines.sync.changes import RecordPlan
from pipelines.sync.engine import open_engine
from pipelines.sync.migrate import migrate
from pipelines.sync.rows import records_of


class Database:
    """The database at an address, its tables as this version knows them."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        migrate(self._engine)

    @property
    def engine(self) -> sa.Engine:
        """The database, for those who keep tables of their own in it."""
        return self._engine

    def _rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with self._engine.connect() as db:
            return [dict(row) for row in db.execute(query).mappings()]


def columns_of(table: sa.Table, *names: str) -> list[sa.Column[Any]]:
    """Return some columns of a table."""
    return [table.c[name] for name in names]


def new_id(result: sa.CursorResult[Any]) -> int:
    """Return the key of the row that a statement made."""
    key = result.inserted_primary_key
    if key is None:
        raise RuntimeError("the database returned no key for a new row")
    return int(key[0])


def read_records(db: sa.Connection, plan_id: int) -> tuple[RecordPlan, ...]:
    """Return the records of a plan, in its order."""
    query = sa.select(t.plan_changes).where(t.plan_changes.c.plan_id == plan_id)
    found = db.execute(query.order_by(t.plan_changes.c.position)).mappings()
    return records_of(dict(row) for row in found)
