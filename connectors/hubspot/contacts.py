"""Contacts and their histories: a resumable first read, then increments.

Every read sweeps the recycle bin too, since searches and lists leave archived contacts out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from connectors.arrow import Row, build_table
from connectors.hubspot.answers import Record
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
from connectors.hubspot.streams import CONTACTS, HISTORY_FIELDS, HISTORY_STREAM
from connectors.records import Batch, Cursor, Field


@dataclass(frozen=True)
class ContactReader:
    """Reads contacts with the given fields."""

    client: HubSpotClient
    fields: Sequence[Field]
    look_back: timedelta
    batch_rows: int

    def read(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yield everything where there is no finished read yet, else what changed since."""
        if cursor is None or cursor.resume_after is not None:
            return self._read_all(cursor)
        return self._read_changes(cursor)

    def _read_all(self, cursor: Cursor | None) -> Iterator[Batch]:
        """List living contacts by id; each batch's cursor says where the list goes on.

        The first increment starts from the newest stamp there was before the list began, so that
        contacts edited behind the list's back come again.
        """
        rows = _Rows()
        if cursor is None:
            cursor = Cursor(newest_stamp(self.client) or self.client.now())
            rows.add_archived(self._archived())
        for page in list_living(self.client, self._property_names(), cursor.resume_after):
            rows.add_living(page.records)
            cursor = replace(cursor, resume_after=page.after)
            if rows and (page.after is None or len(rows) >= self.batch_rows):
                yield rows.to_batch(self.fields, cursor)
                rows = _Rows()
            elif page.after is None:
                # Nothing is left to keep the finished cursor with, so go on as an increment.
                yield from self._read_changes(cursor)

    def _read_changes(self, cursor: Cursor) -> Iterator[Batch]:
        """Read a closed window in order of id; only its last batch moves the cursor."""
        floor = cursor.modified_at - self.look_back
        end = self.client.now() + REST_OF_SECOND
        rows, reached = _Rows(), cursor.modified_at
        rows.add_archived(
            record
            for record in self._archived()
            if read_stamp(record.archived_at, record.id) >= floor
        )
        ids = find_changed(self.client, floor, end)
        for record in read_by_id(self.client, ids, self._property_names()):
            if len(rows) >= self.batch_rows:
                yield rows.to_batch(self.fields, cursor)
                rows = _Rows()
            rows.add_living([record])
            reached = max(reached, min(rows.contacts[-1].modified_at, end))
        if rows:
            yield rows.to_batch(self.fields, Cursor(reached))

    def _archived(self) -> Iterator[Record]:
        return list_archived(self.client, list(CONTACTS.required_fields))

    def _property_names(self) -> list[str]:
        return [asked.name for asked in self.fields if asked.exists]


@dataclass
class _Rows:
    """Rows gathered for the next batch."""

    contacts: list[Row] = field(default_factory=list)
    histories: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.contacts)

    def add_living(self, records: Sequence[Record]) -> None:
        for record in records:
            stamp = read_stamp(record.properties.get("lastmodifieddate"), f"contact {record.id}")
            self.contacts.append(Row(record.id, stamp, is_deleted=False, values=_values(record)))
            self.histories.extend(history_rows(record))

    def add_archived(self, records: Iterator[Record]) -> None:
        for record in records:
            stamp = read_stamp(record.archived_at, f"archived contact {record.id}")
            self.contacts.append(Row(record.id, stamp, is_deleted=True, values=_values(record)))

    def to_batch(self, fields: Sequence[Field], cursor: Cursor) -> Batch:
        tables = {
            CONTACTS.name: build_table(fields, self.contacts),
            HISTORY_STREAM: build_table(HISTORY_FIELDS, self.histories),
        }
        return Batch(tables, cursor)


def _values(record: Record) -> dict[str, object]:
    return {**record.properties, "hs_object_id": record.id}
