"""One object's records with their histories and associations, in every way they are read.

Associations with an object that our key may not see are left out, and the batch says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import pyarrow as pa

from connectors.arrow import UNREADABLE
from connectors.errors import ABSENT_OR_HIDDEN, FailedRecordsError
from connectors.hubspot.associations import AssociationReader
from connectors.hubspot.changes import Changes
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.crew import Crew, working_crew
from connectors.hubspot.failures import Failures
from connectors.hubspot.first_read import FirstRead
from connectors.hubspot.histories import history_table
from connectors.hubspot.listing import Extent
from connectors.hubspot.lookups import BatchReader, in_chunks, needed_properties
from connectors.hubspot.pages import PageReader
from connectors.hubspot.piles import piled
from connectors.hubspot.searches import Searcher
from connectors.hubspot.shapes import Records, Shape, build_shape
from connectors.hubspot.stamps import read_stamp
from connectors.hubspot.streams.shape import ObjectStream
from connectors.hubspot.tables import Tables
from connectors.hubspot.whole_list import WholeList
from connectors.records import IS_DELETED, Batch, Cursor, Field

MOST_VALUES = 600_000
"""Values in a batch at most: it has fewer rows where there are many properties."""
VALUES_OF_A_HISTORY = 20
"""What a property's history is worth: two or three entries, each with its own columns."""


@dataclass(frozen=True)
class ObjectReader:
    """Reads an object's records with the given fields, for one reading.

    Single records that HubSpot fails at are left out, and the batches name them.
    """

    client: HubSpotClient
    known: ObjectStream
    fields: Sequence[Field]
    look_back: timedelta
    batch_rows: int
    failures: Failures = field(default_factory=Failures)

    def read(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yield everything where there is no finished read yet, else what changed since."""
        if cursor is None or cursor.resume_after is not None:
            return FirstRead(self._whole(), self._tables(), self._rows).read(cursor)
        return self._changes().since(cursor, cursor.floor(self.look_back))

    def reread(self, since: datetime, until: datetime) -> Iterator[Batch]:
        """Yield what is stamped from `since` to `until` (UTC), without cursors."""
        return self._telling(self._changes().between(since, until))

    def deletions(self, since: datetime) -> Iterator[Batch]:
        """Yield what the recycle bin has got since then (UTC), as it last was.

        The bin is read whole, by 100 records a request and one more, since its last page is asked
        twice: it can't be asked by time, and no count tells where it ends. HubSpot keeps
        records in it for 90 days. What was merged away is not in it: it comes with what is left,
        living or in the bin.
        """
        tables = self._tables()
        bin_pages = PageReader(self.client, self.known, self._shape, archived=True)
        with working_crew() as crew:
            # Searches know nothing of the bin: it is read by one chain.
            whole = WholeList(bin_pages, self._searcher).read(crew, Extent())
            new = (_archived_since(read.page.records, since) for read in whole)
            for records in piled(new, self._rows):
                yield Batch({self.known.name: tables.archived(records)})

    def count(self) -> int | None:
        """Return how many living records searches find; None where we may not ask."""
        try:
            return self._searcher.count()
        except ABSENT_OR_HIDDEN:
            return None

    def survey(self) -> Iterator[pa.Table]:
        """Yield id, stamp and the fields of every living record, without details.

        Raises:
            FailedRecordsError: behind all others, where HubSpot fails at some.
        """
        tables, pages = self._tables(), self._pages(())
        with working_crew() as crew:
            reads = WholeList(pages, self._searcher).read(crew)
            for records in piled((read.page.records for read in reads), self._rows):
                yield tables.living_only(records).drop_columns([IS_DELETED, UNREADABLE])
        if ids := self.failures.ids:
            raise FailedRecordsError("hubspot", pages.path, record_ids=ids)

    def read_records(self, record_ids: Iterable[str]) -> Iterator[Batch]:
        """Yield these records with their details; those that are gone are left out."""
        return self._telling(self._named(record_ids))

    def _named(self, record_ids: Iterable[str]) -> Iterator[Batch]:
        tables = self._tables()
        with working_crew() as crew:
            for records in self._by_id(crew, self._batches(), record_ids):
                yield tables.batch(crew, records, None)

    def read_details(self, names: Sequence[str], record_ids: Sequence[str]) -> Iterator[Batch]:
        """Yield only the named details of these records."""
        return self._telling(self._details(names, record_ids))

    def _details(self, names: Sequence[str], record_ids: Sequence[str]) -> Iterator[Batch]:
        tables = self._tables()
        with working_crew() as crew:
            if self.known.history_stream in names:
                yield from self._histories(crew, record_ids)
            if self.known.association_stream in names:
                found = tables.associated(crew, record_ids)
                yield Batch(found, skipped=tables.associations.skipped)

    def _histories(self, crew: Crew, record_ids: Sequence[str]) -> Iterator[Batch]:
        narrow = build_shape(needed_properties(self.known, ()))
        histories = self.known.histories
        reader = BatchReader(self.client, self.known, narrow, histories, failures=self.failures)
        for records in self._by_id(crew, reader, record_ids):
            yield Batch({self.known.history_stream: history_table(self.known, records)})

    def _by_id(
        self, crew: Crew, reader: BatchReader, record_ids: Iterable[str]
    ) -> Iterator[Records]:
        found = crew.each(reader.read, in_chunks(record_ids, reader.size))
        yield from piled(found, self._rows)

    def _telling(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield batches; at last, those that HubSpot failed at where no batch has named them."""
        told: frozenset[str] = frozenset()
        for batch in batches:
            told = batch.failed
            yield batch
            del batch  # else it was held while the next one is made
        if self.failures.ids != told:
            yield Batch({}, failed=self.failures.ids)

    def _changes(self) -> Changes:
        return Changes(self._searcher, self._batches(), self._whole(), self._tables(), self._rows)

    def _whole(self) -> WholeList:
        return WholeList(self._pages(self.known.histories), self._searcher)

    def _pages(self, histories: tuple[str, ...]) -> PageReader:
        return PageReader(self.client, self.known, self._shape, histories, failures=self.failures)

    def _batches(self) -> BatchReader:
        histories = self.known.histories
        return BatchReader(self.client, self.known, self._shape, histories, failures=self.failures)

    def _tables(self) -> Tables:
        associations = AssociationReader(self.client, self.known, failures=self.failures)
        return Tables(self.known, self.fields, self._shape, associations, self.failures)

    @cached_property
    def _shape(self) -> Shape:
        names = [asked.name for asked in self.fields if asked.exists]
        return build_shape(needed_properties(self.known, names))

    @property
    def _searcher(self) -> Searcher:
        return Searcher(self.client, self.known)

    @property
    def _rows(self) -> int:
        values = len(self.fields) + VALUES_OF_A_HISTORY * len(self.known.histories)
        return min(self.batch_rows, max(1, MOST_VALUES // max(1, values)))


def _archived_since(records: Records, since: datetime) -> Records:
    return [r for r in records if read_stamp(r.archived_at, f"archived {r.id}") >= since]
