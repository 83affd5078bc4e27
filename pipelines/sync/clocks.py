"""The times that CRMs have told, in the state store."""

from datetime import datetime

import sqlalchemy as sa

from connectors.records import Crm
from pipelines.sync import tables as t
from pipelines.sync.database import Database, columns_of
from pipelines.sync.values import to_text


class ClockStore(Database):
    """Each CRM's own time after its last extraction."""

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
        query = sa.select(*columns_of(t.crm_clocks, "crm", "receipt_mark"))
        with self._engine.connect() as db:
            return {row["crm"]: row["receipt_mark"] for row in db.execute(query).mappings()}

    def latest_clock(self) -> datetime | None:
        """Return the latest time any CRM has told us, UTC."""
        with self._engine.connect() as db:
            text = db.scalar(sa.select(sa.func.max(t.crm_clocks.c.clock)))
        return datetime.fromisoformat(text) if text else None
