"""Receipts that the lake has and the state store lacks, taken back.

A store that was put back from an older backup, or made anew beside a lake that was kept, would give
their numbers and their plans' a second time, take what we wrote for a person's, and let new
receipts never reach the lake.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipelines.sync import tables as t
from pipelines.sync.engine import POSTGRESQL, take_turn
from pipelines.sync.ledger import TAKEN, follow

RESTORED = "restored"
"""Status of a plan of which the receipts alone are known."""


def take_back(engine: sa.Engine, rows: Sequence[Mapping[str, Any]]) -> int:
    """Keep receipts that were lost, and the ledger that follows from them; return how many.

    Values that an undo had given back count as ours from then on, as nothing in a receipt tells
    them apart.

    Args:
        engine: The state store's.
        rows: Receipts of the lake, in the order of their numbers; those that are there stay.
    """
    with engine.begin() as db:
        take_turn(db, t.receipts)
        last = db.scalar(sa.select(sa.func.max(t.receipts.c.receipt_id))) or 0
        lost = [dict(row) for row in rows if row["receipt_id"] > last]
        if not lost:
            return 0
        _keep_plans(db, lost)
        db.execute(t.receipts.insert(), lost)
        follow(db, [row for row in lost if row["state"] in TAKEN])
        for column in (t.receipts.c.receipt_id, t.plans.c.plan_id):
            _count_on(db, column)
    return len(lost)


def _keep_plans(db: sa.Connection, lost: Sequence[Mapping[str, Any]]) -> None:
    """Keep of each plan that is lost what its receipts tell."""
    of_plan: dict[int, list[Mapping[str, Any]]] = {}
    for row in lost:
        of_plan.setdefault(row["plan_id"], []).append(row)
    there: set[int] = set(db.scalars(sa.select(t.plans.c.plan_id)))
    plans = [_plan_of(rows) for key, rows in of_plan.items() if key not in there]
    if plans:
        db.execute(t.plans.insert(), plans)


def _plan_of(receipts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    of = receipts[-1]
    records = {row["record_id"] for row in receipts}
    refused = {row["record_id"] for row in receipts if row["state"] != "written"}
    nothing = dict.fromkeys(("unchanged", "kept_human", "no_match", "deferred"), 0)
    return {
        "plan_id": of["plan_id"],
        "sync": f"{of['crm']} {of['object_name']}",
        "crm": of["crm"],
        "object_name": of["object_name"],
        "digest": "",
        "as_of": of["as_of"],
        "snapshot": "",
        "status": RESTORED,
        "findings": "",
        "source": len(records),
        "planned": len(records),
        "written": len(records - refused),
        "rejected": len(refused),
        **nothing,
    }


def _count_on(db: sa.Connection, column: sa.Column[int]) -> None:
    """Let numbers go on after the greatest; SQLite does so by itself."""
    if db.dialect.name != POSTGRESQL:
        return
    table = column.table.name
    sequence = sa.func.pg_get_serial_sequence(table, column.name)
    greatest = sa.select(sa.func.max(column)).scalar_subquery()
    db.execute(sa.select(sa.func.setval(sequence, greatest)))
