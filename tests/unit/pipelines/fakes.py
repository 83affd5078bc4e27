"""A CRM to read and a CRM to write, in memory, that can be killed at any call."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from connectors.arrow import Row, build_table
from connectors.interfaces import Destination, Source
from connectors.records import (
    Batch,
    CallCounts,
    Crm,
    Cursor,
    Field,
    OwnField,
    ProvisionResult,
    RecordChange,
    Stream,
    Value,
    WriteResult,
)


class Killed(BaseException):
    """Stands for kill -9: no handler for errors may catch it."""


@dataclass(frozen=True)
class Kill:
    """Ends the process at the nth call, counted from 1: before or after the CRM has acted on it.

    A write can also be cut off `halfway`, when the CRM has kept the first change and no other.
    """

    call: int
    when: Literal["before", "halfway", "after"]


class FakeDestination(Destination):
    """Holds records by id and keeps what is sent, unless told otherwise.

    `refusals` names records it rejects, with the code; `deaf_to` names fields whose new values it
    accepts and drops; `silent_about` names records it writes without an answer.
    """

    def __init__(
        self,
        records: Mapping[str, Mapping[str, Value]],
        *,
        crm: Crm = "salesforce",
        batch_size: int = 2,
        refusals: Mapping[str, str] | None = None,
        deaf_to: frozenset[str] = frozenset(),
        silent_about: frozenset[str] = frozenset(),
        kill: Kill | None = None,
    ) -> None:
        self.crm = crm
        self.calls = CallCounts()
        self.batch_size = batch_size
        self.records = {record_id: dict(values) for record_id, values in records.items()}
        self.provisioned: dict[str, OwnField] = {}
        self.writes: list[list[RecordChange]] = []
        self.kill = kill
        self._refusals = dict(refusals or {})
        self._deaf_to = deaf_to
        self._silent_about = silent_about
        self._calls_made = 0

    @property
    def calls_made(self) -> int:
        """Calls so far, those that were killed included."""
        return self._calls_made

    def times_sent(self) -> Counter[str]:
        """Count how often each record reached the CRM in a write."""
        return Counter(change.record_id for batch in self.writes for change in batch)

    def restart(self, kill: Kill | None = None) -> None:
        """Let a new process meet the same CRM; its calls are counted from 1 again."""
        self.kill = kill
        self._calls_made = 0

    def provision(self, object_name: str, fields: Sequence[OwnField]) -> list[ProvisionResult]:
        """Create the fields that are missing."""
        with self._call():
            new = {own.name: own for own in fields if own.name not in self.provisioned}
            self.provisioned |= new
        return [
            ProvisionResult(own.name, "created" if own.name in new else "present") for own in fields
        ]

    def read_current(
        self, object_name: str, record_ids: Sequence[str], field_names: Sequence[str]
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return the named fields of the records there are."""
        with self._call():
            self.calls.read += 1
            found = [record_id for record_id in record_ids if record_id in self.records]
            return {
                record_id: {name: self.records[record_id].get(name) for name in field_names}
                for record_id in found
            }

    def write(self, object_name: str, changes: Sequence[RecordChange]) -> list[WriteResult]:
        """Take the changes and answer for each."""
        if len(changes) > self.batch_size:
            raise ValueError(f"{len(changes)} changes in a call, {self.batch_size} allowed")
        with self._call():
            self.calls.write += 1
            self.writes.append([])
            results = [self._take(change) for change in changes]
            return [result for result in results if result.record_id not in self._silent_about]

    def _take(self, change: RecordChange) -> WriteResult:
        if self.writes[-1] and self.kill == Kill(self._calls_made, "halfway"):
            raise Killed
        self.writes[-1].append(change)
        code = self._refusals.get(change.record_id)
        if change.record_id not in self.records:
            code = "ENTITY_IS_DELETED"
        if code:
            return WriteResult(change.record_id, "rejected", code)
        taken = {name: new for name, new in change.values.items() if name not in self._deaf_to}
        self.records[change.record_id] |= taken
        return WriteResult(change.record_id, "accepted")

    @contextmanager
    def _call(self) -> Iterator[None]:
        self._calls_made += 1
        if self.kill == Kill(self._calls_made, "before"):
            raise Killed
        yield
        if self.kill == Kill(self._calls_made, "after"):
            raise Killed


@dataclass(frozen=True)
class Version:
    """One record as the CRM holds it."""

    record_id: str
    modified_at: datetime
    values: Mapping[str, Value]
    is_deleted: bool = False
    details: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def row(self) -> Row:
        """Return the version as a stream's row."""
        return Row(self.record_id, self.modified_at, self.is_deleted, self.values)


class FakeSource(Source):
    """Holds the current version of each record of one stream and reads them as a CRM does.

    The first read goes by record id and can be resumed; later ones go by (modified_at, id) from
    the cursor, less the look-back. Instead of page `fails_before_page` it raises `failure`.
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
        self.calls = CallCounts()
        self.now = clock
        self.page_size = page_size
        self.look_back = look_back
        self.fails_before_page: int | None = None
        self.failure: BaseException = Killed()
        self.cursors: list[Cursor | None] = []
        self._stream = stream
        self._versions = {version.record_id: version for version in versions}

    def put(self, version: Version) -> None:
        """Replace a record by a newer version."""
        self._versions[version.record_id] = version

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
        required = stream.required_fields.items()
        return tuple(Field(name, kind, exists=name in held) for name, kind in required)

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield pages, each with the cursor that stands after it."""
        self.cursors.append(cursor)
        is_finished = cursor is not None and cursor.resume_after is None
        pages = self._new_pages(cursor) if cursor and is_finished else self._first_pages(cursor)
        for number, (versions, after) in enumerate(pages, start=1):
            if number == self.fails_before_page:
                raise self.failure
            self.calls.read += 1
            yield Batch(self._tables(stream, fields, versions), after)

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
        new = [version for version in self._versions.values() if version.modified_at >= floor]
        new.sort(key=lambda version: (version.modified_at, version.record_id))
        for page in _pages(new, self.page_size):
            yield page, Cursor(page[-1].modified_at, page[-1].record_id)

    def _tables(
        self, stream: Stream, fields: Sequence[Field], versions: Sequence[Version]
    ) -> dict[str, object]:
        tables = {stream.name: build_table(fields, [version.row() for version in versions])}
        for name, detail_fields in stream.details.items():
            rows = [row for version in versions for row in version.details.get(name, ())]
            tables[name] = build_table(detail_fields, rows)
        return tables


def _pages(versions: Sequence[Version], size: int) -> list[list[Version]]:
    return [list(versions[at : at + size]) for at in range(0, len(versions), size)]
