"""A CRM to read, in memory: it shows changes late, forgets, and can be killed at any page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pyarrow as pa

from connectors.arrow import Row, build_table
from connectors.interfaces import Source
from connectors.records import Batch, Cursor, Field, FieldType, Finding, Quota, Stream, Value
from connectors.tally import Account, CallCounts, add_everywhere
from tests.unit.pipelines.fakes import Killed


@dataclass(frozen=True)
class Version:
    """One record as the CRM holds it."""

    record_id: str
    modified_at: datetime
    values: Mapping[str, Value]
    is_deleted: bool = False
    details: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    shown_at: datetime | None = None
    """When searches begin to find it; at once, where nothing is said."""

    def row(self) -> Row:
        """Return the version as a stream's row."""
        return Row(self.record_id, self.modified_at, self.is_deleted, self.values)


class FakeSource(Source):
    """Holds the current version of each record of one stream and reads them as a CRM does.

    The first read goes by record id and can be resumed; later ones go by (modified_at, id) from
    the cursor, less the look-back. Instead of page `fails_before_page` it raises `failure`.

    Attributes:
        described: Fields that the CRM has besides those that a record holds, typed.
        calculated: Names of those that it computes.
        hidden: By detail, or by part of one ("pairs:companies"): why our user may not see it.
        fails_at: Ids of records that it fails at, whoever asks for them.
        asked: What was asked of it, in order: the method's name, then what it was about.
    """

    def __init__(
        self,
        stream: Stream,
        versions: Iterable[Version] = (),
        *,
        clock: datetime,
        page_size: int = 2,
        look_back: timedelta = timedelta(0),
    ) -> None:
        self.crm = stream.crm
        self.account = Account()
        self.now = clock
        self.page_size = page_size
        self.look_back = look_back
        self.fails_before_page: int | None = None
        self.failure: BaseException = Killed()
        self.cursors: list[Cursor | None] = []
        self.described: dict[str, FieldType] = {}
        self.calculated: frozenset[str] = frozenset()
        self.hidden: dict[str, str] = {}
        self.fails_at: frozenset[str] = frozenset()
        self.asked: list[tuple[str, object]] = []
        self.counted: int | None = -1
        """What it says it has; -1: as many as there are."""
        self.lasts_from: datetime | None = None
        """From when on it keeps records that go with their age; None: none go."""
        self.forgot = False
        """Whether it no longer knows all removals."""
        self.whole: tuple[str, ...] = ()
        """Scopes that the last page of a reading ends."""
        self._stream = stream
        self._versions = {version.record_id: version for version in versions}
        self._purged: dict[str, datetime] = {}

    @property
    def calls(self) -> CallCounts:  # type: ignore[override]
        """What was asked so far."""
        return self.account.counts

    def put(self, *versions: Version) -> None:
        """Replace records by newer versions."""
        self._versions |= {version.record_id: version for version in versions}

    def purge(self, record_id: str) -> None:
        """Let a record vanish from everything but the list of removals."""
        del self._versions[record_id]
        self._purged[record_id] = self.now

    def vanish(self, record_id: str) -> None:
        """Let a record vanish without a word."""
        del self._versions[record_id]

    def truth(self) -> dict[str, Version]:
        """Return what the CRM holds now."""
        return dict(self._versions)

    def streams(self) -> tuple[Stream, ...]:
        """Return the one stream."""
        return (self._stream,)

    def clock(self) -> datetime:
        """Return the CRM's time."""
        return self.now

    def fields(self, stream: Stream) -> tuple[Field, ...]:
        """Return the stream's fields; the CRM lacks those that no record has."""
        held = {name for version in self._versions.values() for name in version.values}
        known = {name: kind for name, kind in stream.required_fields.items() if name in held}
        return stream.choose_fields({**known, **self.described}, self.calculated)

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield pages, each with the cursor that stands after it."""
        self.cursors.append(cursor)
        is_finished = cursor is not None and cursor.resume_after is None and not self.whole
        pages = self._new_pages(cursor) if cursor and is_finished else self._first_pages(cursor)
        for number, (versions, after) in enumerate(pages, start=1):
            if number == self.fails_before_page:
                raise self.failure
            whole = self.whole if after.resume_after is None else ()
            yield replace(self._batch(stream, fields, versions), cursor=after, whole=whole)

    def reread(
        self, stream: Stream, fields: Sequence[Field], since: datetime, until: datetime
    ) -> Iterator[Batch]:
        """Yield what is stamped within the window and shown by now."""
        self.asked.append(("reread", (since, until)))
        found = [v for v in self._shown() if since <= v.modified_at <= until]
        yield from self._batches(stream, fields, found)

    def deletions(
        self, stream: Stream, fields: Sequence[Field], since: datetime
    ) -> Iterator[Batch]:
        """Yield what was purged since, by its id alone."""
        self._ask("deletions", since)
        gone = [Row(key, at, True, {}) for key, at in self._purged.items() if at >= since]
        yield Batch({stream.name: build_table(fields, gone)}, forgotten=self.forgot)

    def count(self, stream: Stream) -> int | None:
        """Return how many records live."""
        self._ask("count", stream.name)
        return len(self._living()) if self.counted == -1 else self.counted

    def count_lasting(self, stream: Stream, until: datetime) -> tuple[int, datetime] | None:
        """Return how many records live that do not go with their age."""
        if self.lasts_from is None:
            return None
        self._ask("count_lasting", stream.name)
        stamps = [version.modified_at for version in self._living()]
        return sum(self.lasts_from <= at <= until for at in stamps), self.lasts_from

    def survey(self, stream: Stream, fields: Sequence[Field]) -> Iterator[pa.Table]:
        """Yield the living records' ids, stamps and fields, a page at a time."""
        self._ask("survey", tuple(field.name for field in fields))
        for page in _pages(self._living(), self.page_size):
            yield build_table(fields, [version.row() for version in page])

    def read_records(
        self, stream: Stream, fields: Sequence[Field], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield these records, those in the recycle bin included."""
        self.asked.append(("read_records", tuple(record_ids)))
        found = [self._versions[key] for key in record_ids if key in self._versions]
        yield from self._batches(stream, fields, found)

    def read_details(
        self, stream: Stream, names: Sequence[str], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield these details of these records."""
        self.asked.append(("read_details", (tuple(names), tuple(record_ids))))
        found = [self._versions[key] for key in record_ids if key in self._versions]
        for batch in self._batches(stream, (), found):
            tables = {name: batch.tables[name] for name in names if name in batch.tables}
            told = batch.skipped.items()
            skipped = {name: why for name, why in told if name.partition(":")[0] in names}
            yield Batch(tables, skipped=skipped)

    def quota(self) -> Quota | None:
        """Return nothing: it counts no day's calls."""
        return None

    def examine(self) -> Iterator[Finding]:
        """Find nothing: there is no access to examine."""
        yield from ()

    def _ask(self, name: str, what: object) -> None:
        """Count a request that has no pages."""
        self.asked.append((name, what))
        add_everywhere(self.account, "read")

    def _first_pages(self, cursor: Cursor | None) -> Iterator[tuple[list[Version], Cursor]]:
        start = cursor.modified_at if cursor else self.now
        passed = cursor.resume_after or "" if cursor else ""
        left = sorted(record_id for record_id in self._versions if record_id > passed)
        pages = _pages([self._versions[record_id] for record_id in left], self.page_size) or [[]]
        for page in pages:
            is_last = page is pages[-1]
            yield page, Cursor(start, resume_after=None if is_last else page[-1].record_id)

    def _new_pages(self, cursor: Cursor) -> Iterator[tuple[list[Version], Cursor]]:
        floor = cursor.modified_at - self.look_back
        new = [version for version in self._shown() if version.modified_at >= floor]
        new.sort(key=lambda version: (version.modified_at, version.record_id))
        for page in _pages(new, self.page_size):
            yield page, Cursor(page[-1].modified_at, page[-1].record_id)

    def _shown(self) -> list[Version]:
        versions = self._versions.values()
        return [v for v in versions if v.shown_at is None or v.shown_at <= self.now]

    def _living(self) -> list[Version]:
        return [v for v in self._versions.values() if not v.is_deleted]

    @staticmethod
    def _part(name: str, row: Row) -> str:
        return f"{name}:{row.record_id.rpartition(':')[2]}"

    def _batches(
        self, stream: Stream, fields: Sequence[Field], versions: Sequence[Version]
    ) -> Iterator[Batch]:
        for page in _pages(versions, self.page_size):
            yield self._batch(stream, fields, page)

    def _batch(self, stream: Stream, fields: Sequence[Field], versions: Sequence[Version]) -> Batch:
        add_everywhere(self.account, "read")
        failed = self.fails_at.intersection(version.record_id for version in versions)
        versions = [version for version in versions if version.record_id not in failed]
        tables = {stream.name: build_table(fields, [version.row() for version in versions])}
        for name, detail_fields in stream.details.items():
            if name not in self.hidden:
                rows = [row for version in versions for row in version.details.get(name, ())]
                shown = [row for row in rows if self._part(name, row) not in self.hidden]
                tables[name] = build_table(detail_fields, shown)
        return Batch(tables, skipped=dict(self.hidden), failed=failed)


def _pages(versions: Sequence[Version], size: int) -> list[list[Version]]:
    return [list(versions[at : at + size]) for at in range(0, len(versions), size)]
