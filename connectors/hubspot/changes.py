"""What changed in a window of time: found by search and read by id, or read off the whole list.

The list is taken where it costs fewer requests, and where the search contradicts itself for
longer than a replica lags: one that counts what it does not show (records that were archived a
moment ago, or pages lost on their way) can't be trusted, the list can. Of a large object it is not
read for that: what was found is kept, and the next run asks the search again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from math import ceil

import pyarrow.compute as pc

from connectors.errors import CrmError, UnreadableAnswerError, first_answer
from connectors.hubspot.crew import Crew, working_crew
from connectors.hubspot.failures import Failures
from connectors.hubspot.lookups import BatchReader, in_chunks
from connectors.hubspot.piles import piled
from connectors.hubspot.searches import SEARCH_SIZE, Found, Searcher
from connectors.hubspot.shapes import Records
from connectors.hubspot.stamps import REST_OF_SECOND, read_stamps, whole_milliseconds
from connectors.hubspot.tables import Tables
from connectors.hubspot.whole_list import WholeList
from connectors.records import MODIFIED_AT, Batch, Cursor, Road

MANY = 10 * SEARCH_SIZE
"""Changes from which on it pays to ask how many records there are in all."""

COSTLY = 1_000
"""Requests for a list, about a minute of the account's window, that no bad search is worth."""

Window = Iterator[Found]


@dataclass(frozen=True)
class Changes:
    """Reads an object's records by when they were last modified."""

    searcher: Searcher
    batches: BatchReader
    whole: WholeList
    tables: Tables
    batch_rows: int

    def since(self, cursor: Cursor, floor: datetime) -> Iterator[Batch]:
        """Yield what changed from `floor` (UTC) on; only the last batch moves the cursor.

        The window ends when the first search is answered. Where nothing changed, that is all.
        What is whole before an error is yielded; the next reading begins at the same floor. Single
        records that HubSpot fails at are no error: the last batch names them.

        Raises:
            SkippedStreamError: the first question is refused.
        """
        floor, reached = whole_milliseconds(floor), cursor.modified_at
        ask, client = partial(self._begin, floor, None), self.searcher.client
        first, window = first_answer("hubspot", self.tables.known.name, ask, client.pause)
        answered_at = client.latest_time()
        held: Batch | None = None
        with working_crew() as crew:
            try:
                for records in self._piles(crew, first, window, floor):
                    if held:
                        yield held
                        held = None  # else it came again where the next one's details fail
                    held = self.tables.batch(crew, records, cursor)
                    newest = pc.max(held.tables[self.tables.known.name][MODIFIED_AT]).as_py()
                    reached = max(reached, min(newest, answered_at + REST_OF_SECOND))
            except CrmError:
                if held:
                    yield held
                raise
            failed = self.tables.failures.ids
            if failed and not held:
                held = self.tables.batch(crew, (), cursor)
            if held:
                moved = replace(cursor, modified_at=reached, read_at=answered_at)
                yield replace(held, cursor=moved, failed=failed)

    def between(self, since: datetime, until: datetime) -> Iterator[Batch]:
        """Yield what is stamped from `since` to `until` (UTC) as it is now, without cursors."""
        since = whole_milliseconds(since)
        first, window = self._begin(since, until)
        with working_crew() as crew:
            for records in self._piles(crew, first, window, since):
                yield self.tables.batch(crew, records, None)

    def _begin(self, floor: datetime, end: datetime | None) -> tuple[Found | None, Window]:
        """Ask for the first page of a window; None stands for a search that can't be trusted."""
        window = self.searcher.window(floor, end)
        try:
            return next(window), window
        except UnreadableAnswerError:
            return None, iter(())

    def _piles(
        self, crew: Crew, first: Found | None, window: Window, floor: datetime
    ) -> Iterator[Records]:
        """Yield the window's records by the cheaper road, or by the list if the search fails."""
        if first is not None:
            self.tables.road = road = self._choose(first.total)
            if road.name == "search":
                shown, failures = _Shown(chain([first], window)), Failures()
                reader = replace(self.batches, floor=floor, failures=failures)
                found = crew.each(reader.read, in_chunks(shown.ids(), reader.size))
                yield from piled(found, self.batch_rows)
                if shown.are_all:
                    self.tables.failures.note(reader.path, failures.ids)
                    return
        if first is None or road.name == "search":
            self.tables.road = self._instead_of_search()
        yield from piled(self._listed(crew, floor), self.batch_rows)

    def _instead_of_search(self) -> Road:
        try:
            by_list = self._by_list()
        except UnreadableAnswerError:
            # The count is a search, too; where none answers, the list alone can tell.
            return Road("list", 0, "search")
        if by_list > COSTLY:
            what = f"the search contradicts itself, and the list would cost {by_list:,} requests"
            raise UnreadableAnswerError("hubspot", self.whole.pages.path, what)
        return Road("list", by_list, "search")

    def _by_list(self) -> int:
        return ceil(self.searcher.count() / self.whole.pages.size)

    def _choose(self, changed: int) -> Road:
        """Return the road that costs fewer requests for so many changes."""
        by_search = ceil(changed / SEARCH_SIZE) + ceil(changed / self.batches.size)
        if changed < MANY:
            return Road("search", by_search)
        by_list = self._by_list()
        if by_list < by_search:
            return Road("list", by_list, "search", by_search)
        return Road("search", by_search, "list", by_list)

    def _listed(self, crew: Crew, floor: datetime) -> Iterator[Records]:
        known = self.tables.known
        for read in self.whole.read(crew):
            records = read.page.records
            stamps = read_stamps(self.tables.shape.column(known.modified, records), known.name)
            is_new = pc.greater_equal(stamps, floor).to_pylist()
            yield [record for record, new in zip(records, is_new, strict=True) if new]


@dataclass
class _Shown:
    """What a search shows, as far as it can be trusted."""

    window: Window
    are_all: bool = False

    def ids(self) -> Iterator[str]:
        try:
            for found in self.window:
                yield from map(str, found.ids)
        except UnreadableAnswerError:
            return
        self.are_all = True
