"""The ledger: the last value that we wrote into each field, within the caller's transaction."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pipelines.sync import tables as t

TAKEN = ("written", "cleared")
"""States of receipts whose value the CRM has."""


def follow(db: sa.Connection, written: Sequence[dict[str, Any]]) -> None:
    """Let the ledger say what was just written."""
    for row in written:
        same = sa.and_(*(t.ledger.c[key] == row[key] for key in _KEY))
        updated = db.execute(t.ledger.update().where(same).values(value=row["value"]))
        if not updated.rowcount:
            values = {key: row[key] for key in _KEY} | {"value": row["value"]}
            db.execute(t.ledger.insert().values(values))


def go_back(db: sa.Connection, taken: Sequence[dict[str, Any]], plan_id: int) -> None:
    """Let the ledger say what it said before a plan."""
    for row in taken:
        same = [t.receipts.c[key] == row[key] for key in _KEY]
        before = sa.select(t.receipts.c.value).where(
            *same, t.receipts.c.plan_id < plan_id, t.receipts.c.state.in_(TAKEN)
        )
        found = db.execute(before.order_by(t.receipts.c.receipt_id.desc())).first()
        this = sa.and_(*(t.ledger.c[key] == row[key] for key in _KEY))
        if found is None:
            db.execute(t.ledger.delete().where(this))
        else:
            db.execute(t.ledger.update().where(this).values(value=found.value))


_KEY = ("crm", "object_name", "record_id", "field_name")
