"""The state store: everything that is not data, in one relational database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connectors.records import Crm, FieldType
from pipelines.sync import tables as t
from pipelines.sync.config import Sync
from pipelines.sync.engine import open_engine, take_turn
from pipelines.sync.guards import Finding
from pipelines.sync.migrate import migrate
from pipelines.sync.plan import Ledger, Plan, RecordPlan
from pipelines.sync.rows import (
    Intent,
    Receipt,
    StoredPlan,
    change_rows,
    plan_row,
    receipt_row,
    records_of,
)
from pipelines.sync.values import from_text, to_text

OPEN = ("ready", "waiting", "approved")
"""Statuses of plans that are still to be applied."""


class StateStore:
    """Plans, intents, receipts, ledger, approvals and clocks.

    Every method is one transaction; what it returns is committed.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        migrate(self._engine)

    @property
    def engine(self) -> sa.Engine:
        """The database, for those who keep tables of their own in it."""
        return self._engine

    def last_receipt(self) -> int:
        """Return the number of the last receipt, 0 where there is none."""
        with self._engine.connect() as db:
            return int(db.scalar(sa.select(sa.func.max(t.receipts.c.receipt_id))) or 0)

    def note_extraction(self, crm: Crm, clock: datetime, receipt_mark: int) -> None:
        """Keep a CRM's own time, which never goes back, and the last receipt before it was read."""
        text = str(to_text(clock))
        this = t.crm_clocks.c.crm == crm
        with self._engine.begin() as db:
            kept = db.scalar(sa.select(t.crm_clocks.c.clock).where(this))
            values = {"clock": max(text, kept or text), "receipt_mark": receipt_mark}
            if kept is None:
                db.execute(t.crm_clocks.insert().values(crm=crm, **values))
            else:
                db.execute(t.crm_clocks.update().where(this).values(values))

    def receipt_marks(self) -> dict[str, int]:
        """Return, by CRM, the last receipt that was kept before the CRM was last read."""
        query = sa.select(*_columns(t.crm_clocks, "crm", "receipt_mark"))
        with self._engine.connect() as db:
            return {row["crm"]: row["receipt_mark"] for row in db.execute(query).mappings()}

    def latest_clock(self) -> datetime | None:
        """Return the latest time any CRM has told us, UTC."""
        with self._engine.connect() as db:
            text = db.scalar(sa.select(sa.func.max(t.crm_clocks.c.clock)))
        return datetime.fromisoformat(text) if text else None

    def ledger(self, sync: Sync) -> Ledger:
        """Return what we last wrote through this sync's fields."""
        types = {field.field: field.type for field in sync.fields}
        query = sa.select(*_columns(t.ledger, "record_id", "field_name", "value")).where(
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
            sa.select(*_columns(t.receipts, "record_id", "field_name", "value"))
            .where(
                t.receipts.c.crm == sync.crm,
                t.receipts.c.object_name == sync.object,
                t.receipts.c.receipt_id > receipt_mark,
                t.receipts.c.state == "written",
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

    def keep_plan(
        self, sync: Sync, plan: Plan, as_of: datetime, snapshot: str, findings: Sequence[Finding]
    ) -> StoredPlan:
        """Keep a plan before anything is sent.

        Older plans of the sync are superseded, except one that a person approved: that is still
        to be applied.
        """
        digest = plan.digest
        with self._engine.begin() as db:
            status = "waiting" if findings else "ready"
            replaced = t.plans.c.status.in_(("ready", "waiting"))
            stale = t.plans.update().where(t.plans.c.sync == sync.name, replaced)
            db.execute(stale.values(status="superseded"))
            row = plan_row(sync, plan, as_of, snapshot, findings) | {"status": status}
            plan_id = _new_id(db.execute(t.plans.insert().values(row)))
            changes = list(change_rows(sync, plan_id, plan))
            if changes:
                db.execute(t.plan_changes.insert(), changes)
        return StoredPlan(plan_id, digest, status, as_of, plan.records)

    def load_plan(self, sync: Sync, statuses: Sequence[str] = OPEN) -> StoredPlan | None:
        """Return the sync's newest plan with one of the statuses, None where there is none."""
        where = (t.plans.c.sync == sync.name) & t.plans.c.status.in_(statuses)
        query = sa.select(t.plans).where(where).order_by(t.plans.c.plan_id.desc())
        with self._engine.connect() as db:
            row = db.execute(query).mappings().first()
            if row is None:
                return None
            records = _records_of(db, row["plan_id"])
        as_of = datetime.fromisoformat(row["as_of"])
        return StoredPlan(row["plan_id"], row["digest"], row["status"], as_of, records)

    def approve(self, digest: str, who: str, why: str, at: datetime) -> int:
        """Let the waiting plan with this digest be applied; return how many there were.

        An approval is good for that plan alone, once.
        """
        with self._engine.begin() as db:
            waiting = (t.plans.c.digest == digest) & (t.plans.c.status == "waiting")
            ready = db.execute(t.plans.update().where(waiting).values(status="approved"))
            if ready.rowcount:
                values = {"digest": digest, "approved_by": who, "why": why}
                db.execute(t.approvals.insert().values(values | {"approved_at": to_text(at)}))
            return int(ready.rowcount)

    def open_intent(self, plan_id: int, record_ids: Sequence[str]) -> int:
        """Write down what is about to be sent."""
        row = {"plan_id": plan_id, "record_ids": list(record_ids), "settled": False}
        with self._engine.begin() as db:
            return _new_id(db.execute(t.intents.insert().values(row)))

    def open_intents(self, sync: Sync) -> list[tuple[Intent, StoredPlan]]:
        """Return what was about to be sent and never settled, with the plans it came from."""
        query = (
            sa.select(*t.intents.c, *_columns(t.plans, "digest", "status", "as_of"))
            .join(t.plans)
            .where(t.plans.c.sync == sync.name, t.intents.c.settled.is_(False))
            .order_by(t.intents.c.intent_id)
        )
        with self._engine.connect() as db:
            return [_open_intent(db, row) for row in db.execute(query).mappings()]

    def settle(
        self, sync: Sync, intent_id: int, plan_id: int, as_of: datetime, receipts: Iterable[Receipt]
    ) -> None:
        """Keep what became of an intent, once; the ledger follows what was written."""
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
            _follow(db, [row for row in rows if row["state"] == "written"])

    def finish_plan(
        self, plan_id: int, written: int, rejected: int, deferred: int, status: str = "applied"
    ) -> None:
        """Close a plan with its account."""
        values = {"written": written, "rejected": rejected, "deferred": deferred}
        with self._engine.begin() as db:
            plan = t.plans.update().where(t.plans.c.plan_id == plan_id)
            db.execute(plan.values(values | {"status": status}))

    def receipts_after(self, receipt_id: int) -> list[dict[str, Any]]:
        """Return receipts newer than the given one, oldest first."""
        query = sa.select(t.receipts).where(t.receipts.c.receipt_id > receipt_id)
        with self._engine.connect() as db:
            found = db.execute(query.order_by(t.receipts.c.receipt_id)).mappings()
            return [dict(row) for row in found]

    def plan_accounts(self) -> list[dict[str, Any]]:
        """Return every plan's account, oldest first."""
        with self._engine.connect() as db:
            found = db.execute(sa.select(t.plans).order_by(t.plans.c.plan_id)).mappings()
            return [dict(row) for row in found]


def _columns(table: sa.Table, *names: str) -> list[sa.Column[Any]]:
    return [table.c[name] for name in names]


def _new_id(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    if key is None:
        raise RuntimeError("the database returned no key for a new row")
    return int(key[0])


def _records_of(db: sa.Connection, plan_id: int) -> tuple[RecordPlan, ...]:
    query = sa.select(t.plan_changes).where(t.plan_changes.c.plan_id == plan_id)
    found = db.execute(query.order_by(t.plan_changes.c.position)).mappings()
    return records_of(dict(row) for row in found)


def _open_intent(db: sa.Connection, row: sa.RowMapping) -> tuple[Intent, StoredPlan]:
    intent = Intent(row["intent_id"], row["plan_id"], tuple(row["record_ids"]))
    named = set(intent.record_ids)
    records = tuple(
        record for record in _records_of(db, intent.plan_id) if record.record_id in named
    )
    as_of = datetime.fromisoformat(row["as_of"])
    return intent, StoredPlan(intent.plan_id, row["digest"], row["status"], as_of, records)


def _follow(db: sa.Connection, written: Sequence[dict[str, Any]]) -> None:
    """Let the ledger say what was just written."""
    keys = ("crm", "object_name", "record_id", "field_name")
    for row in written:
        same = sa.and_(*(t.ledger.c[key] == row[key] for key in keys))
        updated = db.execute(t.ledger.update().where(same).values(value=row["value"]))
        if not updated.rowcount:
            values = {key: row[key] for key in keys} | {"value": row["value"]}
            db.execute(t.ledger.insert().values(values))
