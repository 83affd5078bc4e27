"""Intents, receipts and the ledger, in the state store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connectors.records import FieldType
from pipelines.sync import tables as t
from pipelines.sync.config import Sync
from pipelines.sync.database import Database, columns_of, new_id, read_records
from pipelines.sync.engine import take_turn
from pipelines.sync.ledger import TAKEN, follow, go_back
from pipelines.sync.memory import Ledger
from pipelines.sync.refusals import Refusal
from pipelines.sync.remembered import keep_refusals
from pipelines.sync.rows import Intent, Receipt, StoredPlan, receipt_row, written_of
from pipelines.sync.undo import Written
from pipelines.sync.values import from_text, to_text


class ReceiptStore(Database):
    """What was about to be sent, what became of it, and what we wrote last."""

    def last_receipt(self) -> int:
        """Return the number of the last receipt, 0 where there is none."""
        with self._engine.connect() as db:
            return int(db.scalar(sa.select(sa.func.max(t.receipts.c.receipt_id))) or 0)

    def ledger(self, sync: Sync) -> Ledger:
        """Return what we last wrote through this sync's fields."""
        types = {field.field: field.type for field in sync.fields}
        query = sa.select(*columns_of(t.ledger, "record_id", "field_name", "value")).where(
            t.ledger.c.crm == sync.crm,
            t.ledger.c.object_name == sync.object,
            t.ledger.c.field_name.in_(types),
        )
        return self._values(query, types)

    def written_after(self, sync: Sync, receipt_mark: int) -> Ledger:
        """Return what this sync wrote by receipts later than the mark.

        An extract made at the mark can't know these values.
        """
        types = {field.field: field.type for field in sync.fields}
        query = (
            sa.select(*columns_of(t.receipts, "record_id", "field_name", "value"))
            .where(
                t.receipts.c.crm == sync.crm,
                t.receipts.c.object_name == sync.object,
                t.receipts.c.receipt_id > receipt_mark,
                t.receipts.c.state.in_(TAKEN),
                t.receipts.c.field_name.in_(types),
            )
            .order_by(t.receipts.c.receipt_id)
        )
        return self._values(query, types)

    def outcomes(self, plan_id: int) -> dict[str, int]:
        """Return how many records of a plan were written and rejected, by their receipts."""
        refused = sa.func.max(sa.case((t.receipts.c.state == "written", 0), else_=1))
        query = sa.select(refused).where(t.receipts.c.plan_id == plan_id)
        with self._engine.connect() as db:
            found = list(db.scalars(query.group_by(t.receipts.c.record_id)))
        return {"written": found.count(0), "rejected": found.count(1)}

    def _values(self, query: sa.Select[Any], types: Mapping[str, FieldType]) -> Ledger:
        """Return values by (record id, field name); of several, the last."""
        with self._engine.connect() as db:
            return {
                (row["record_id"], row["field_name"]): from_text(
                    row["value"], types[row["field_name"]]
                )
                for row in db.execute(query).mappings()
            }

    def open_intent(self, plan_id: int, record_ids: Sequence[str]) -> int:
        """Write down what is about to be sent."""
        row = {"plan_id": plan_id, "record_ids": list(record_ids), "settled": False}
        with self._engine.begin() as db:
            return new_id(db.execute(t.intents.insert().values(row)))

    def keep_job(self, intent_id: int, job_id: str) -> None:
        """Write down which of the CRM's jobs does what an intent is about."""
        this = t.intents.c.intent_id == intent_id
        with self._engine.begin() as db:
            db.execute(t.intents.update().where(this).values(job_id=job_id))

    def open_intents(self, sync: Sync) -> list[tuple[Intent, StoredPlan]]:
        """Return what was about to be sent and never settled, with the plans it came from."""
        query = (
            sa.select(*t.intents.c, *columns_of(t.plans, *_HEAD))
            .join(t.plans)
            .where(t.plans.c.sync == sync.name, t.intents.c.settled.is_(False))
            .order_by(t.intents.c.intent_id)
        )
        with self._engine.connect() as db:
            return [_open_intent(db, row) for row in db.execute(query).mappings()]

    def settle(
        self,
        sync: Sync,
        intent_id: int,
        plan_id: int,
        as_of: datetime,
        receipts: Iterable[Receipt],
        *,
        refused: Mapping[str, Refusal] | None = None,
        written: Collection[str] = (),
        undoes: int | None = None,
    ) -> None:
        """Keep what became of an intent, once; the ledger follows what was written.

        Args:
            sync: What it belongs to.
            intent_id: The intent.
            plan_id: The plan it is a part of.
            as_of: The instant of the plan (UTC).
            receipts: What became of each field.
            refused: Records that were refused, and when they are tried again.
            written: Records that were written whole: they are refused no longer.
            undoes: The plan that was taken back: the ledger says again what it said before it, so
                that a person's value that came back is a person's.
        """
        base = {"plan_id": plan_id, "crm": sync.crm, "object_name": sync.object}
        rows = [base | {"as_of": to_text(as_of)} | receipt_row(receipt) for receipt in receipts]
        this = (t.intents.c.intent_id == intent_id) & t.intents.c.settled.is_(False)
        with self._engine.begin() as db:
            # Receipts are there in the order of their numbers: who has seen one of them, and asks
            # for those after it, would never see an earlier one that came later.
            take_turn(db, t.receipts)
            if not db.execute(t.intents.update().where(this).values(settled=True)).rowcount:
                return
            if rows:
                db.execute(t.receipts.insert(), rows)
            taken = [row for row in rows if row["state"] in TAKEN]
            follow(db, taken)
            if undoes is not None:
                go_back(db, taken, undoes)
            keep_refusals(db, sync, refused or {}, list(written))

    def written_by(self, sync: Sync, plan_id: int) -> list[Written]:
        """Return what a plan wrote, in its order."""
        types = {field.field: field.type for field in sync.fields}
        r, c = t.receipts.c, t.plan_changes.c
        same = (r.plan_id == c.plan_id) & (r.record_id == c.record_id)
        query = (
            sa.select(r.value, *t.plan_changes.c)
            .join_from(t.receipts, t.plan_changes, same & (r.field_name == c.field_name))
            .where(r.plan_id == plan_id, r.state.in_(TAKEN), r.field_name.in_(types))
            .order_by(c.position)
        )
        return [written_of(row) for row in self._rows(query)]

    def receipts_after(self, receipt_id: int) -> list[dict[str, Any]]:
        """Return receipts newer than the given one, oldest first."""
        query = sa.select(t.receipts).where(t.receipts.c.receipt_id > receipt_id)
        with self._engine.connect() as db:
            found = db.execute(query.order_by(t.receipts.c.receipt_id)).mappings()
            return [dict(row) for row in found]


def _open_intent(db: sa.Connection, row: sa.RowMapping) -> tuple[Intent, StoredPlan]:
    intent = Intent(row["intent_id"], row["plan_id"], tuple(row["record_ids"]), row["job_id"])
    named = set(intent.record_ids)
    records = tuple(
        record for record in read_records(db, intent.plan_id) if record.record_id in named
    )
    as_of = datetime.fromisoformat(row["as_of"])
    kind = (row["kind"], row["undoes"])
    return intent, StoredPlan(intent.plan_id, row["digest"], row["status"], as_of, records, *kind)


_HEAD = ("digest", "status", "as_of", "kind", "undoes")
