"""What earlier runs left behind about records: refusals, and values that were left alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipelines.sync import tables as t
from pipelines.sync.changes import LeftAlone
from pipelines.sync.config import Sync
from pipelines.sync.memory import Edit, Key
from pipelines.sync.refusals import Refusal
from pipelines.sync.values import from_text, to_text


class Remembered:
    """Refusals by record, and what each sync's last plan left alone.

    Every method is one transaction, but those that are given one.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def refusals(self, sync: Sync) -> Mapping[str, Refusal]:
        """Return the last refusal of each record whose last write was refused."""
        query = sa.select(t.refusals).where(_of_object(sync))
        with self._engine.connect() as db:
            return {
                row["record_id"]: Refusal(
                    row["code"],
                    row["wanted"],
                    row["attempts"],
                    datetime.fromisoformat(row["next_at"]),
                )
                for row in db.execute(query).mappings()
            }

    def edits(self, sync: Sync) -> Mapping[Key, Edit]:
        """Return people's values that stand where we wanted others, and since when we know them."""
        types = {field.field: field.type for field in sync.fields}
        mine, table = t.left_alone.c.sync == sync.name, t.left_alone.c
        query = sa.select(t.left_alone).where(
            mine, table.state == "kept_human", table.field_name.in_(types)
        )
        with self._engine.connect() as db:
            return {
                (row["record_id"], row["field_name"]): Edit(
                    from_text(row["now_value"], types[row["field_name"]]),
                    datetime.fromisoformat(row["since"]),
                )
                for row in db.execute(query).mappings()
            }

    def left_alone(self) -> list[dict[str, Any]]:
        """Return what the last plan of each sync left alone, in the order of syncs and records."""
        key = (t.left_alone.c.sync, t.left_alone.c.record_id, t.left_alone.c.field_name)
        with self._engine.connect() as db:
            return [
                dict(row) for row in db.execute(sa.select(t.left_alone).order_by(*key)).mappings()
            ]


def keep_left_alone(
    db: sa.Connection, sync: Sync, plan_id: int, rows: Iterable[LeftAlone], as_of: datetime
) -> None:
    """Let what a plan leaves alone take the place of what the plan before it did."""
    mine = t.left_alone.c.sync == sync.name
    known = db.execute(sa.select(t.left_alone).where(mine)).mappings()
    before = {_identity(row): row["since"] for row in known}
    db.execute(t.left_alone.delete().where(mine))
    now = [_row_of(sync, plan_id, row, as_of) for row in rows]
    for row in now:
        row["since"] = before.get(_identity(row), row["since"])
    if now:
        db.execute(t.left_alone.insert(), now)


def add_left_alone(
    db: sa.Connection, sync: Sync, plan_id: int, rows: Iterable[LeftAlone], as_of: datetime
) -> None:
    """Add what turned out, while a plan was sent, not to be written."""
    for alone in rows:
        row = _row_of(sync, plan_id, alone, as_of)
        same = sa.and_(*(t.left_alone.c[key] == row[key] for key in _KEY))
        db.execute(t.left_alone.delete().where(same))
        db.execute(t.left_alone.insert().values(row))


def keep_refusals(
    db: sa.Connection, sync: Sync, refused: Mapping[str, Refusal], written: Sequence[str]
) -> None:
    """Keep what was refused; what was written is refused no longer."""
    gone = [*refused, *written]
    for start in range(0, len(gone), _ROOM):
        some = t.refusals.c.record_id.in_(gone[start : start + _ROOM])
        db.execute(t.refusals.delete().where(_of_object(sync), some))
    rows = [
        {"crm": sync.crm, "object_name": sync.object, "record_id": record_id}
        | {"code": refusal.code, "wanted": refusal.wanted, "attempts": refusal.attempts}
        | {"next_at": to_text(refusal.next_at)}
        for record_id, refusal in refused.items()
    ]
    if rows:
        db.execute(t.refusals.insert(), rows)


_ROOM = 500
"""Values that one statement names: SQLite before 3.32 took no more than 999."""

_KEY = ("sync", "record_id", "field_name")


def _of_object(sync: Sync) -> sa.ColumnElement[bool]:
    return (t.refusals.c.crm == sync.crm) & (t.refusals.c.object_name == sync.object)


def _identity(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    return (*(row[key] for key in _KEY), row["state"], row["now_value"])


def _row_of(sync: Sync, plan_id: int, alone: LeftAlone, as_of: datetime) -> dict[str, Any]:
    return {
        "sync": sync.name,
        "record_id": alone.record_id,
        "field_name": alone.field,
        "person_id": alone.person_id,
        "plan_id": plan_id,
        "state": alone.state,
        "reason": alone.reason,
        "now_value": to_text(alone.now),
        "wanted_value": to_text(alone.wanted),
        "since": to_text(as_of),
    }
