"""The state store: everything that is not data, in one relational database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipelines.sync import tables as t
from pipelines.sync.changes import LeftAlone
from pipelines.sync.clocks import ClockStore
from pipelines.sync.config import Sync
from pipelines.sync.database import new_id, read_records
from pipelines.sync.guards import Finding
from pipelines.sync.memory import Memory
from pipelines.sync.pauses import Pauses
from pipelines.sync.plan import Plan
from pipelines.sync.receipt_store import ReceiptStore
from pipelines.sync.remembered import Remembered, add_left_alone, keep_left_alone
from pipelines.sync.rows import StoredPlan, change_rows, plan_row
from pipelines.sync.values import to_text

OPEN = ("ready", "waiting", "approved")
"""Statuses of plans that are still to be applied."""


class StateStore(ReceiptStore, ClockStore):
    """Plans, intents, receipts, ledger, approvals and clocks.

    Every method is one transaction; what it returns is committed.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.remembered = Remembered(self.engine)
        self.pauses = Pauses(self.engine)

    def memory(self, sync: Sync) -> Memory:
        """Return what earlier runs left behind about the sync's records."""
        kept = self.remembered
        return Memory(self.ledger(sync), kept.edits(sync), kept.refusals(sync))

    def rejected_share(self, sync: str, from_records: int) -> float:
        """Return the records that were refused in a sync's last run, of those it was sent.

        Runs that sent fewer than so many records say nothing, and are passed over.
        """
        sent = t.plans.c.status.in_(("applied", "stopped"))
        query = sa.select(t.plans.c.written, t.plans.c.rejected).where(
            t.plans.c.sync == sync,
            sent,
            t.plans.c.written + t.plans.c.rejected >= max(from_records, 1),
        )
        with self._engine.connect() as db:
            row = db.execute(query.order_by(t.plans.c.plan_id.desc())).first()
        return row.rejected / (row.written + row.rejected) if row else 0.0

    def keep_plan(
        self,
        sync: Sync,
        plan: Plan,
        as_of: datetime,
        snapshot: str,
        findings: Sequence[Finding],
        *,
        undoes: int | None = None,
        is_shadow: bool = False,
    ) -> StoredPlan:
        """Keep a plan before anything is sent.

        Older plans of the sync are superseded, except one that a person approved: that is still
        to be applied.

        Args:
            sync: What it is a plan of.
            plan: The plan.
            as_of: The instant it was made at (UTC).
            snapshot: What it was made from.
            findings: Guards that it does not pass: with any it waits for a person.
            undoes: The plan whose writes it takes back, where that is what it does.
            is_shadow: Whether it is kept to be looked at, and never sent.
        """
        digest = plan.digest
        status = "shadow" if is_shadow else "waiting" if findings else "ready"
        kind = "sync" if undoes is None else "undo"
        head = {"kind": kind, "undoes": undoes, "status": status}
        with self._engine.begin() as db:
            replaced = t.plans.c.status.in_(("ready", "waiting"))
            stale = t.plans.update().where(t.plans.c.sync == sync.name, replaced)
            db.execute(stale.values(status="superseded"))
            row = plan_row(sync, plan, as_of, snapshot, findings) | head
            plan_id = new_id(db.execute(t.plans.insert().values(row)))
            changes = list(change_rows(sync, plan_id, plan))
            if changes:
                db.execute(t.plan_changes.insert(), changes)
            if undoes is None:
                keep_left_alone(db, sync, plan_id, plan.left_alone, as_of)
        return StoredPlan(plan_id, digest, status, as_of, plan.records, kind, undoes)

    def load_plan(self, sync: Sync, statuses: Sequence[str] = OPEN) -> StoredPlan | None:
        """Return the sync's newest plan with one of the statuses, None where there is none."""
        where = (t.plans.c.sync == sync.name) & t.plans.c.status.in_(statuses)
        query = sa.select(t.plans).where(where).order_by(t.plans.c.plan_id.desc())
        with self._engine.connect() as db:
            row = db.execute(query).mappings().first()
            if row is None:
                return None
            records = read_records(db, row["plan_id"])
        as_of = datetime.fromisoformat(row["as_of"])
        return StoredPlan(row["plan_id"], row["digest"], row["status"], as_of, records, row["kind"])

    def head(self, plan_id: int) -> dict[str, Any] | None:
        """Return a plan's row, None where there is no such plan."""
        found = self._rows(sa.select(t.plans).where(t.plans.c.plan_id == plan_id))
        return found[0] if found else None

    def note_approval(self, digest: str, who: str, why: str, at: datetime) -> None:
        """Keep who let a plan go that waited for nobody, such as an undo, and why."""
        values = {"digest": digest, "approved_by": who, "why": why, "approved_at": to_text(at)}
        with self._engine.begin() as db:
            db.execute(t.approvals.insert().values(values))

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

    def cancel(self, digest: str) -> int:
        """Let the plans with this digest that are still to be applied never be; count them."""
        with self._engine.begin() as db:
            still = (t.plans.c.digest == digest) & t.plans.c.status.in_(OPEN)
            return int(
                db.execute(t.plans.update().where(still).values(status="cancelled")).rowcount
            )

    def status_of(self, plan_id: int) -> str:
        """Return a plan's status as it is now: somebody may have cancelled it."""
        query = sa.select(t.plans.c.status).where(t.plans.c.plan_id == plan_id)
        with self._engine.connect() as db:
            return str(db.scalar(query))

    def finish_plan(
        self, plan_id: int, written: int, rejected: int, deferred: int, status: str = "applied"
    ) -> None:
        """Close a plan with its account."""
        values = {"written": written, "rejected": rejected, "deferred": deferred}
        with self._engine.begin() as db:
            plan = t.plans.update().where(t.plans.c.plan_id == plan_id)
            db.execute(plan.values(values | {"status": status}))

    def note_left_alone(
        self, sync: Sync, plan_id: int, rows: Iterable[LeftAlone], as_of: datetime
    ) -> None:
        """Keep what turned out, while a plan was sent, not to be written."""
        with self._engine.begin() as db:
            add_left_alone(db, sync, plan_id, rows, as_of)

    def plan_accounts(self) -> list[dict[str, Any]]:
        """Return every plan's account, oldest first."""
        with self._engine.connect() as db:
            found = db.execute(sa.select(t.plans).order_by(t.plans.c.plan_id)).mappings()
            return [dict(row) for row in found]
