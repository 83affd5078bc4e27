"""Records of an object with their histories and associations: a resumable first read, increments.

Every read sweeps the recycle bin too, since searches and lists leave archived records out; a read
that begins again follows upon an increment that has.
Associations with an object that our key may not see are left out, and the batch says why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from connectors.arrow import Row, build_table
from connectors.errors import ABSENT_OR_HIDDEN
from connectors.hubspot.answers import Record
from connectors.hubspot.associations import association_rows
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.histories import history_rows
from connectors.hubspot.lookups import (
    find_changed,
    list_archived,
    list_living,
    newest_stamp,
    read_by_id,
)
from connectors.hubspot.stamps import REST_OF_SECOND, read_stamp
from connectors.hubspot.streams.shape import ASSOCIATION_FIELDS, ObjectStream
from connectors.records import Batch, Cursor, Field


@dataclass(frozen=True)
class ObjectReader:
    """Reads an object's records with the given fields."""

    client: HubSpotClient
    known: ObjectStream
    fields: Sequence[Field]
    look_back: timedelta
    batch_rows: int

    def read(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yield everything where there is no finished read yet, else what changed since."""
        if cursor is None or cursor.resume_after is not None:
            return self._read_all(cursor)
        return self._read_changes(cursor)

    def _read_all(self, cursor: Cursor | None) -> Iterator[Batch]:
        """List living records by id; each batch's cursor says where the list goes on.

        The first increment starts from the newest stamp there was before the list began, so that
        records edited behind the list's back come again.
        """
        rows = _Rows(self.known)
        if cursor is None:
            newest = newest_stamp(self.client, self.known)
            answered_at = self.client.latest_time()
            cursor = Cursor(newest or answered_at, read_at=answered_at)
            rows.add_archived(self._archived())
        names = self._property_names()
        for page in list_living(self.client, self.known, names, cursor.resume_after or None):
            rows.add_living(page.records)
            cursor = replace(cursor, resume_after=page.after)
            if rows and (page.after is None or len(rows) >= self.batch_rows):
                yield self._to_batch(rows, cursor)
                rows = _Rows(self.known)
            elif page.after is None:
                # Nothing is left to keep the finished cursor with, so go on as an increment.
                yield from self._read_changes(cursor)

    def _read_changes(self, cursor: Cursor) -> Iterator[Batch]:
        """Read a closed window in order of id; only its last batch moves the cursor.

        The window ends when the sweep was answered, just before the search is asked.
        """
        floor = cursor.floor(self.look_back)
        rows, reached = _Rows(self.known), cursor.modified_at
        archived = self._archived()
        first = next(archived, None)
        # What is archived while the sweep goes on may stand on a page that it has passed.
        answered_at = self.client.latest_time()
        rows.add_archived(
            record
            for record in chain([first] if first else [], archived)
            if read_stamp(record.archived_at, record.id) >= floor
        )
        end = self.client.latest_time() + REST_OF_SECOND
        ids = find_changed(self.client, self.known, floor, end)
        for record in read_by_id(self.client, self.known, ids, self._property_names()):
            if len(rows) >= self.batch_rows:
                yield self._to_batch(rows, cursor)
                rows = _Rows(self.known)
            rows.add_living([record])
            reached = max(reached, min(rows.records[-1].modified_at, end))
        if rows:
            yield self._to_batch(rows, Cursor(reached, read_at=answered_at))

    def _to_batch(self, rows: "_Rows", cursor: Cursor) -> Batch:
        tables = {self.known.name: build_table(self.fields, rows.records)}
        if self.known.histories:
            histories = build_table(self.known.history_fields, rows.histories)
            tables[self.known.history_stream] = histories
        stamps, name = rows.living_stamps(), self.known.association_stream
        if not stamps or not self.known.associated:
            return Batch(tables, cursor)
        found, refusals = self._associations(stamps)
        if found:
            tables[name] = build_table(ASSOCIATION_FIELDS, list(chain.from_iterable(found)))
        return Batch(tables, cursor, {name: "; ".join(refusals)} if refusals else {})

    def _associations(self, stamps: dict[str, datetime]) -> tuple[list[list[Row]], list[str]]:
        """Return the rows of each far object that answered, and why others did not."""
        found: list[list[Row]] = []
        refusals: list[str] = []
        for other in self.known.associated:
            try:
                rows = association_rows(self.client, self.known.name, other, stamps)
                found.append(list(rows))
            except ABSENT_OR_HIDDEN as refusal:
                refusals.append(str(refusal))
        return found, refusals

    def _archived(self) -> Iterator[Record]:
        return list_archived(self.client, self.known, list(self.known.stream.required_fields))

    def _property_names(self) -> list[str]:
        return [asked.name for asked in self.fields if asked.exists]


@dataclass
class _Rows:
    """Rows gathered for the next batch."""

    known: ObjectStream
    records: list[Row] = field(default_factory=list)
    histories: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.records)

    def add_living(self, records: Sequence[Record]) -> None:
        for record in records:
            stamp = read_stamp(record.properties.get(self.known.modified), self._whose(record))
            self.records.append(Row(record.id, stamp, is_deleted=False, values=_values(record)))
            self.histories.extend(history_rows(self.known.singular, record))

    def add_archived(self, records: Iterator[Record]) -> None:
        for record in records:
            stamp = read_stamp(record.archived_at, f"archived {self._whose(record)}")
            self.records.append(Row(record.id, stamp, is_deleted=True, values=_values(record)))

    def living_stamps(self) -> dict[str, datetime]:
        return {row.record_id: row.modified_at for row in self.records if not row.is_deleted}

    def _whose(self, record: Record) -> str:
        return f"{self.known.singular} {record.id}"


def _values(record: Record) -> dict[str, object]:
    return {**record.properties, "hs_object_id": record.id}
