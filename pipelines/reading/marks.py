"""Marks: how far the readings beside the increments have come. Lost ones cost a reading."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connectors.records import Crm
from pipelines import commit_points
from pipelines.commit_points import CommitPoint
from pipelines.reading.fence import NO_STREAM, Fence
from pipelines.sync.tables import reading_marks as table

SETTLED, DELETIONS, DETAILS, CALCULATED = "settled", "deletions", "details", "calculated"
CATALOGS, AUDIT, FIELDS, RETIRED = "catalogs", "audit", "fields", "retired"
UNCOUNTED, MEMBERS, FAILED = "uncounted", "members", "failed"


def whole(detail: str) -> str:
    """Return the name of the mark that a detail has come with every record that is kept."""
    return f"whole:{detail}"


_HIDDEN, _NEVER = "hidden:", "never:"


def hidden(name: str) -> str:
    """Return the name of the mark that a detail, a part, or records of the stream, are hidden.

    They were shown before. Its note tells why. That of a detail, and those of its parts, are void
    once the detail is whole again.
    """
    return f"{_HIDDEN}{name}"


def never_shown(part: str) -> str:
    """Return the name of the mark that a part of a stream was refused whenever it was asked for."""
    return f"{_NEVER}{part}"


@dataclass(frozen=True)
class Mark:
    """Up to when, by the CRM's clock (UTC), something was read; a note in JSON, if any."""

    at: datetime
    note: str = ""

    def noted(self) -> dict[str, object]:
        """Return what the note says."""
        said: dict[str, object] = json.loads(self.note) if self.note else {}
        return said


class Marks:
    """The marks of one CRM, read once; each change is one transaction.

    Streams may be read in several threads at once, each stream in one.

    Args:
        engine: The state store.
        crm: The CRM.
        fence: The run's place among others; without one, marks are read, and noted by tests.

    Raises:
        FencedError: a newer run reads the CRM; so does whatever changes marks, and changes nothing.
    """

    def __init__(self, engine: sa.Engine, crm: Crm, fence: Fence | None = None) -> None:
        self._engine = engine
        self._crm = crm
        self._fence = fence
        these = sa.and_(table.c.crm == crm, table.c.stream != NO_STREAM)
        with engine.begin() as db:
            if fence is not None:
                fence.take(db)
            rows = db.execute(sa.select(table).where(these)).mappings().all()
        self._kept = {
            (row["stream"], row["name"]): Mark(datetime.fromisoformat(row["at"]), row["note"])
            for row in rows
        }

    def get(self, stream: str, name: str) -> Mark | None:
        """Return a mark, None where nothing was noted."""
        return self._kept.get((stream, name))

    def past(self, stream: str, name: str, now: datetime) -> Mark | None:
        """Return a mark that can be true at this time (UTC): not one that a wrong clock made."""
        mark = self.get(stream, name)
        return None if mark is None or mark.at > now else mark

    def of(self, name: str) -> dict[str, Mark]:
        """Return the marks of this name, by stream."""
        return {stream: mark for (stream, own), mark in self._kept.items() if own == name}

    def hidden_of(self, stream: str) -> dict[str, Mark]:
        """Return the marks of what a stream shows no longer, by the name that `hidden` got."""
        return {
            name.removeprefix(_HIDDEN): mark
            for (own, name), mark in sorted(self._kept.items())
            if own == stream and name.startswith(_HIDDEN)
        }

    def parts_of(self, stream: str, owner: str) -> list[str]:
        """Return the parts of a stream or detail that some mark calls hidden, or never shown."""
        names = [name.partition(":")[2] for own, name in list(self._kept) if own == stream]
        return sorted({name for name in names if name.startswith(f"{owner}:")})

    def note(self, stream: str, marks: Mapping[str, Mark]) -> None:
        """Keep marks of a stream, all or none of them."""
        rows = [
            {
                "crm": self._crm,
                "stream": stream,
                "name": name,
                "at": mark.at.isoformat(),
                "note": mark.note,
            }
            for name, mark in marks.items()
        ]
        if not rows:
            return
        with self._change() as db:
            db.execute(table.delete().where(self._these(stream, *marks)))
            db.execute(table.insert(), rows)
        self._kept |= {(stream, name): mark for name, mark in marks.items()}
        commit_points.passing(CommitPoint.MARKS_NOTED)

    def forget(self, stream: str, *names: str) -> None:
        """Let go of marks, where there are any."""
        known = [name for name in names if (stream, name) in self._kept]
        if not known:
            return
        with self._change() as db:
            db.execute(table.delete().where(self._these(stream, *known)))
        for name in known:
            self._kept.pop((stream, name), None)

    def forget_all(self, stream: str) -> None:
        """Let go of all marks of a stream."""
        self.forget(stream, *[name for own, name in list(self._kept) if own == stream])

    @contextmanager
    def _change(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as db:
            if self._fence is not None:
                self._fence.hold(db)
            yield db

    def _these(self, stream: str, *names: str) -> sa.ColumnElement[bool]:
        return sa.and_(table.c.crm == self._crm, table.c.stream == stream, table.c.name.in_(names))
