"""Which run may note marks: the latest that has claimed the lake which the marks are about.

A state store may know of a lake that is no longer there: it was moved aside, put back as it was
some days ago, or lies on another machine. What was read into that one was not read into this one.
"""

import json

import sqlalchemy as sa

from connectors.records import Crm
from pipelines.lake import Lake
from pipelines.lake_writer import fenced_off
from pipelines.sync.engine import take_turn, utc_now
from pipelines.sync.tables import reading_marks as table

NO_STREAM, LAKE = "", "lake"
"""Where among the marks the lake stands that they are about, and the epoch of its latest run."""


class Fence:
    """The place of one run among those that note marks of a CRM.

    Both methods begin with a write to the same row, so that two runs take turns on it in any
    database: no mark of an older run comes after a newer one has read the marks. The first runs
    ever have no such row yet: on PostgreSQL who takes the fence takes the table for that moment.

    Args:
        crm: The CRM that is read.
        lake: Where to; the run has claimed it.
        epoch: By `Lake.claim`.
    """

    def __init__(self, crm: Crm, lake: Lake, epoch: int) -> None:
        self._crm: Crm = crm
        self._lake = lake
        self._epoch = epoch
        self._identity = lake.identity()
        self._note = json.dumps({"lake": self._identity, "epoch": epoch})
        self._row = sa.and_(table.c.crm == crm, table.c.stream == NO_STREAM, table.c.name == LAKE)

    def take(self, db: sa.Connection) -> None:
        """Let this run alone note marks from now on; marks of another lake are let go of.

        Raises:
            FencedError: a newer run has claimed the lake.
        """
        take_turn(db, table)
        db.execute(table.update().where(self._row).values(at=table.c.at))
        kept = db.scalar(sa.select(table.c.note).where(self._row))
        if kept is not None and not self._follows(**json.loads(kept)):
            db.execute(table.delete().where(table.c.crm == self._crm))
        db.execute(table.delete().where(self._row))
        place = {"crm": self._crm, "stream": NO_STREAM, "name": LAKE}
        db.execute(table.insert().values(**place, at=utc_now().isoformat(), note=self._note))

    def hold(self, db: sa.Connection) -> None:
        """Let no other run take the fence until the transaction ends.

        Raises:
            FencedError: a newer run has taken it.
        """
        ours = sa.and_(self._row, table.c.note == self._note)
        if db.execute(table.update().where(ours).values(at=table.c.at)).rowcount != 1:
            raise fenced_off(self._crm)

    def _follows(self, lake: str, epoch: int) -> bool:
        """Tell whether this run comes after the one that noted marks last, in the same lake."""
        if lake != self._identity:
            return False
        if epoch >= self._epoch and self._lake.newest_epoch(self._crm) > self._epoch:
            raise fenced_off(self._crm)
        # An epoch that this lake has never given out: it was put back to what it was before.
        return epoch < self._epoch
