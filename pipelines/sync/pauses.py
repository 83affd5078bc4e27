"""Syncs that somebody has paused: they plan, and send nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pipelines.sync import tables as t
from pipelines.sync.values import to_text


@dataclass(frozen=True)
class Pause:
    """Who paused a sync, and why."""

    by: str
    why: str
    at: datetime


class Pauses:
    """The pauses there are; every method is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> Mapping[str, Pause]:
        """Return the pauses by the sync's name."""
        with self._engine.connect() as db:
            return {
                row["sync"]: Pause(
                    row["paused_by"], row["why"], datetime.fromisoformat(row["paused_at"])
                )
                for row in db.execute(sa.select(t.pauses)).mappings()
            }

    def begin(self, sync: str, pause: Pause) -> None:
        """Pause a sync; the last word stands. A run that is under way stops at its next batch."""
        values = {"paused_by": pause.by, "why": pause.why, "paused_at": to_text(pause.at)}
        with self._engine.begin() as db:
            db.execute(t.pauses.delete().where(t.pauses.c.sync == sync))
            db.execute(t.pauses.insert().values(sync=sync, **values))

    def end(self, sync: str) -> bool:
        """Let a sync go on; tell whether it was paused."""
        with self._engine.begin() as db:
            return bool(db.execute(t.pauses.delete().where(t.pauses.c.sync == sync)).rowcount)

    def is_paused(self, sync: str) -> bool:
        """Tell whether a sync is paused now."""
        query = sa.select(t.pauses.c.sync).where(t.pauses.c.sync == sync)
        with self._engine.connect() as db:
            return db.scalar(query) is not None
