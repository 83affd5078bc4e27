"""Salesforce as read: one query of a stream from its cursor on, in order of (stamp, id).

Records may become visible with a stamp older than one already read, and many share a stamp, so
each increment starts a look-back before the cursor and takes the cursor's own stamp again.
Formula fields don't move the stamp.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from connectors.arrow import Row, build_table
from connectors.errors import UnreadableAnswerError, skipping
from connectors.interfaces import Source
from connectors.records import Batch, Crm, Cursor, Field, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.description import typed_fields
from connectors.salesforce.soql import select_changes
from connectors.salesforce.streams import STAMPS, STREAMS
from connectors.values import parse

LOOK_BACK = timedelta(minutes=10)
BATCH_ROWS = 10_000


class SalesforceSource(Source):
    """Reads every stream of `STREAMS`, deleted and archived records included."""

    crm: Crm = "salesforce"

    def __init__(
        self,
        client: SalesforceClient,
        look_back: timedelta = LOOK_BACK,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        self._client = client
        self._look_back = look_back
        self._batch_rows = batch_rows
        self.calls = client.calls

    def streams(self) -> tuple[Stream, ...]:
        """Return people, opportunities, campaigns, activities, users and their histories."""
        return STREAMS

    def clock(self) -> datetime:
        """Return Salesforce's own time (UTC, whole seconds)."""
        return self._client.now()

    def fields(self, stream: Stream) -> tuple[Field, ...]:
        """Return every readable field but compound and binary ones, then those that are absent."""
        with skipping(self.crm, stream.name):
            described = self._client.describe(stream.object_name)
        return stream.choose_fields(typed_fields(described))

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield a batch about every `batch_rows` rows, oldest first."""
        stamp = STAMPS[stream.name]
        floor = cursor.floor(self._look_back) if cursor else None
        asked = [field.name for field in fields if field.exists]
        pages = self._client.query_all(select_changes(stream.object_name, asked, stamp, floor))
        with skipping(self.crm, stream.name):
            first = next(pages)
        answered_at = self._client.latest_time()
        rows: list[Row] = []
        for page in chain([first], pages):
            rows += [_to_row(record, stamp) for record in page.records]
            if rows and (page.done or len(rows) >= self._batch_rows):
                cursor = _advance(cursor, rows[-1], answered_at, page.done)
                yield Batch({stream.name: build_table(fields, rows)}, cursor)
                rows = []


def _to_row(record: dict[str, Any], stamp: str) -> Row:
    try:
        modified_at = parse("datetime", record.get(stamp))
    except ValueError:
        modified_at = None
    if not isinstance(modified_at, datetime) or not isinstance(record.get("Id"), str):
        what = f"a record came without its Id or {stamp}"
        raise UnreadableAnswerError("salesforce", "queryAll", what)
    return Row(record["Id"], modified_at, record.get("IsDeleted") is True, record)


def _advance(cursor: Cursor | None, last: Row, answered_at: datetime, is_last: bool) -> Cursor:
    """Return the later of the two marks: the look-back begins before the cursor.

    A record that changes while we page may come with its new stamp, and others that change then
    don't come at all: the mark stays behind the time when the query was first answered.
    """
    reached = Cursor(min(last.modified_at, answered_at), last.record_id)
    furthest = max(cursor or reached, reached, key=lambda mark: (mark.modified_at, mark.record_id))
    # Until the last batch, rows of the look-back, or of the mark's own stamp, are still to come.
    return replace(furthest, read_at=answered_at if is_last else None)
