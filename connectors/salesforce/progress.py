"""How far a reading has come, after each of its portions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import MODIFIED_AT, RECORD_ID, Cursor
from connectors.salesforce.course import settled_before
from connectors.salesforce.wanted import Portion


class Progress:
    """Says which cursor stands once a portion is kept. Until the last one no read counts as one.

    Over REST the rows come in order of their stamps, and a later run begins a look-back before the
    last that is settled. A job gives them in no order: a first read goes on behind the rows that
    came, an increment begins anew.
    """

    def __init__(self, start: Cursor | None, *, is_first: bool) -> None:
        self._start = start
        self._is_first = is_first
        self._ordered = None if is_first else start
        self._highest = start

    def after(self, portion: Portion, *, is_last: bool) -> Cursor | None:
        """Return the cursor; None where what came does not say how far we are.

        No mark is later than the time when Salesforce was asked.
        """
        read_at = portion.read_at
        self._highest = _later(self._highest, _furthest(portion.table, read_at))
        if is_last:
            return replace(self._highest or Cursor(read_at), resume_after=None, read_at=read_at)
        if portion.place is None:
            self._ordered = _later(self._ordered, _furthest(_settled(portion.table, read_at)))
            return self._ordered and replace(self._ordered, resume_after=None, read_at=None)
        if self._is_first:
            mark = self._highest or Cursor(read_at)
            return replace(mark, resume_after=portion.place, read_at=None)
        return self._start and replace(self._start, read_at=None)


def with_last(portions: Iterator[Portion]) -> Iterator[tuple[Portion, bool]]:
    """Yield each portion and whether it is the last, once it is known.

    One without rows does not wait for that: the place that it tells is worth keeping at once.
    """
    waiting: Portion | None = None
    for portion in portions:
        if waiting is not None and waiting.table.num_rows:
            yield waiting, False
        if not portion.table.num_rows:
            yield portion, False
        waiting = portion
    if waiting is not None:
        yield waiting, True


def _settled(table: pa.Table, read_at: datetime) -> pa.Table:
    """Return the rows that are sure not to have changed since the query was first asked.

    One that has comes with its new stamp, before others whose older stamps are still to come.
    """
    stamps = table.column(MODIFIED_AT)
    return table.filter(pc.less(stamps, pa.scalar(settled_before(read_at), stamps.type)))


def _furthest(table: pa.Table, cap: datetime | None = None) -> Cursor | None:
    """Return the latest mark of the rows, no later than the cap."""
    stamps = table.column(MODIFIED_AT)
    if not len(stamps):
        return None
    latest = pc.max(stamps)
    record_id = pc.max(table.column(RECORD_ID).filter(pc.equal(stamps, latest))).as_py()
    moment = latest.as_py()
    return Cursor(min(moment, cap) if cap else moment, str(record_id))


def _later(one: Cursor | None, other: Cursor | None) -> Cursor | None:
    marks = [mark for mark in (one, other) if mark is not None]
    return max(marks, key=lambda mark: (mark.modified_at, mark.record_id), default=None)
