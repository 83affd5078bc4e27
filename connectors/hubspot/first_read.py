"""A first read: the whole list, resumable wherever it breaks off."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from connectors.errors import CrmError, first_answer
from connectors.hubspot.crew import Crew, working_crew
from connectors.hubspot.listing import Extent, Read
from connectors.hubspot.shapes import Records
from connectors.hubspot.spans import Place, read_place
from connectors.hubspot.tables import Tables
from connectors.hubspot.whole_list import WholeList
from connectors.records import Batch, Cursor
from connectors.side_by_side import read_ahead

Answer = TypeVar("Answer")

MERGES_BEFORE = timedelta(minutes=5)
"""A merge in this time before a list began may concern a record that it shows unmerged."""
AHEAD = 32
"""Pages that may be read while a batch is being kept: within a limit, a call that is sent late
delays those of every window behind it (0.2 s for each load of 10,000 contacts, and so 0.1 s for
each of the 5,000 that a batch has, 2026-11-22)."""
FIRST_ROWS = 1_000
"""Rows of the first batch; each later one has twice as many, up to `batch_rows`. Where the day's
calls end amid a pile, its associations can't be asked for any more and the pile is lost: so it is
never much more than was kept, and a day of few calls gets on, too."""


@dataclass(frozen=True)
class FirstRead:
    """Reads every living record of an object."""

    whole: WholeList
    tables: Tables
    batch_rows: int

    def read(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yield batches of up to about `batch_rows` records; their cursors say what is left.

        Raises:
            SkippedStreamError: the first question is refused.
        """
        place = read_place(cursor.resume_after) if cursor and cursor.resume_after else None
        if cursor is None or place is None:
            yield from self._begin(cursor)
            return
        extent = self._first(self.whole.extent)
        yield from self._go_on(cursor, place, (), extent)

    def _first(self, ask: Callable[[], Answer]) -> Answer:
        name, pause = self.tables.known.name, self.whole.pages.client.pause
        return first_answer("hubspot", name, ask, pause)

    def _begin(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Read from the beginning. An object without records costs one request.

        The first increment starts from the newest stamp there was when the list began, so that
        records edited behind the list's back come again.
        """
        first = self._first(self.whole.begin)
        if first.place.is_end and not (first.page.records or cursor or self.tables.failures.ids):
            return
        began_at = self.whole.pages.client.latest_time()
        newest, total = self.whole.searcher.newest()
        cursor = cursor or Cursor(newest or began_at, read_at=began_at)
        extent = self.whole.extent(total) if first.place.spans else Extent()
        yield from self._go_on(cursor, first.place, first.page.records, extent)

    def _go_on(
        self,
        cursor: Cursor,
        place: Place,
        records: Records,
        extent: Extent,
    ) -> Iterator[Batch]:
        """Yield what a list has given already and what is left of it.

        The last page is held back for the finished cursor: a batch without rows comes only where
        nothing was left behind the place. What was read before an error is worth keeping.
        """
        pile, most = list(records), min(FIRST_ROWS, self.batch_rows)
        if cursor.read_at is not None:
            self.tables.merged_since = cursor.read_at - MERGES_BEFORE
        with working_crew() as crew, self._reading(crew, place, extent, bool(records)) as reads:
            try:
                for read in reads:
                    new = read.page.records
                    if pile and new and len(pile) + len(new) > most:
                        yield self._unfinished(crew, pile, cursor, place)
                        pile, most = [], min(2 * most, self.batch_rows)
                    pile += new
                    place = read.place
            except CrmError:
                if pile:
                    yield self._unfinished(crew, pile, cursor, place)
                raise
            yield self.tables.batch(crew, pile, replace(cursor, resume_after=None))

    def _unfinished(self, crew: Crew, pile: Records, cursor: Cursor, place: Place) -> Batch:
        return self.tables.batch(crew, pile, replace(cursor, resume_after=place.to_json()))

    def _reading(
        self, crew: Crew, place: Place, extent: Extent, is_promised: bool
    ) -> AbstractContextManager[Iterator[Read]]:
        return closing(
            read_ahead(partial(self.whole.go_on, crew, place, extent, is_promised), AHEAD)
        )
