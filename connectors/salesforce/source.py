"""Salesforce as read.

Records may become visible with a stamp older than one already read, and many share a stamp, so
each increment starts a look-back before the cursor and takes the cursor's own stamp again.
Formula fields don't move the stamp.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

import pyarrow as pa

from connectors.errors import RejectedRequestError, first_answer
from connectors.interfaces import Source
from connectors.records import (
    MODIFIED_AT,
    RECORD_ID,
    Batch,
    Crm,
    Cursor,
    Field,
    Finding,
    Quota,
    Stream,
)
from connectors.salesforce.bulk import NOT_GIVEN, JobPlace
from connectors.salesforce.catalog import read_catalog
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.course import LOOK_BACK
from connectors.salesforce.deletions import DeletionReader, tombstones
from connectors.salesforce.description import calculated_names, typed_fields
from connectors.salesforce.examine import examine
from connectors.salesforce.lasting import count_lasting
from connectors.salesforce.lookups import read_by_id
from connectors.salesforce.progress import Progress, with_last
from connectors.salesforce.queries import count_records
from connectors.salesforce.reading import Reading
from connectors.salesforce.soql import ALIVE, Query
from connectors.salesforce.streams import STREAMS, is_history, stamp_of
from connectors.salesforce.streams.org import FIELDS
from connectors.salesforce.tables import ID, IS_DELETED, from_records
from connectors.salesforce.wanted import Portion, Wanted
from connectors.salesforce.windows import TOO_MUCH, Window

BATCH_ROWS = 20_000


class SalesforceSource(Source):
    """Reads every stream of `STREAMS` and any custom object, deleted and archived records too."""

    crm: Crm = "salesforce"

    def __init__(
        self,
        client: SalesforceClient,
        look_back: timedelta = LOOK_BACK,
        batch_rows: int = BATCH_ROWS,
        streams: Sequence[Stream] = STREAMS,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            client: The org.
            look_back: How late Salesforce shows most changes.
            batch_rows: Rows of a batch, about.
            streams: What is read, custom objects included.
        """
        self._client = client
        self._streams = tuple(streams)
        self._look_back = look_back
        self._batch_rows = batch_rows
        self.calls = client.calls

    def streams(self) -> tuple[Stream, ...]:
        """Return people, what is sold to them, what they do, and how the org is set up."""
        return self._streams

    def clock(self) -> datetime:
        """Return Salesforce's own time (UTC, whole seconds)."""
        return self._client.now()

    def quota(self) -> Quota | None:
        """Return the calls of the last 24 hours; None before the first answer that told."""
        return self._client.quota

    def fields(self, stream: Stream) -> tuple[Field, ...]:
        """Return every readable field but compound and binary ones, then those that are absent.

        Salesforce is asked anew each time: fields come and go.
        """
        if stream.name == FIELDS.name:
            return stream.choose_fields(stream.required_fields)
        ask = partial(self._client.describe_anew, stream.object_name)
        described = first_answer(self.crm, stream.name, ask, self._client.pause).fields
        return stream.choose_fields(typed_fields(described), calculated_names(described))

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield a batch about every `batch_rows` rows.

        Over REST they come oldest first. A Bulk job gives them in no order: a first read resumes
        behind the rows it has given, an increment begins anew.
        """
        if stream.name == FIELDS.name:
            yield from self._read_catalog(stream, fields)
        elif cursor is None or cursor.resume_after is not None:
            yield from self._read_first(stream, fields, cursor)
        else:
            window = Window(cursor.floor(self._look_back))
            progress = Progress(cursor, is_first=False)
            yield from self._read_window(stream, fields, window, progress)

    def reread(
        self, stream: Stream, fields: Sequence[Field], since: datetime, until: datetime
    ) -> Iterator[Batch]:
        """Yield the records stamped from `since` to `until` (UTC) as they are now."""
        if stream.name == FIELDS.name:
            return
        reading = self._reading(stream, fields, Window(since, until))
        reading.begin()
        for portion in reading.read():
            yield Batch({stream.name: portion.table}, road=reading.road)
        reading.end()

    def deletions(
        self, stream: Stream, fields: Sequence[Field], since: datetime
    ) -> Iterator[Batch]:
        """Yield what has left the recycle bin, or was never in it; in the bin, `read` sees it.

        Of lines of history all that are deleted. Told is what was deleted until the object was
        described, which each run begins with; what goes later is told to the next. Where Salesforce
        has forgotten the beginning of that time, the last batch says so.
        """
        description, name = self._client.description(stream.object_name), stream.object_name
        if not description.replicateable:
            return
        until = description.described_at
        reader = DeletionReader(self._client, name)
        for told in reader.read(since, until if until > since else self._client.now()):
            for start in range(0, len(told), self._batch_rows):
                some = told[start : start + self._batch_rows]
                yield from tombstones(self._client, stream, fields, some)
        if reader.forgot:
            yield Batch({}, forgotten=True)

    def count(self, stream: Stream) -> int | None:
        """Return the number of living records, archived ones included.

        None for lines of history, which Salesforce drops with their age, and for an object that is
        too large to be counted.
        """
        if stream.name == FIELDS.name or is_history(stream):
            return None
        query = Query(stream.object_name, conditions=self._alive(stream))
        try:
            return count_records(self._client, query)
        except RejectedRequestError as refusal:
            if refusal.code not in TOO_MUCH:
                raise
            return None

    def count_lasting(self, stream: Stream, until: datetime) -> tuple[int, datetime] | None:
        """Return how many living lines of history there are, none of them old enough to go."""
        if not is_history(stream):
            return None
        query = Query(stream.object_name, conditions=self._alive(stream))
        try:
            return count_lasting(self._client, query, stamp_of(stream), until)
        except RejectedRequestError as refusal:
            if refusal.code not in TOO_MUCH:
                raise
            return None

    def survey(self, stream: Stream, fields: Sequence[Field]) -> Iterator[pa.Table]:
        """Yield RECORD_ID, MODIFIED_AT and the given fields of every living record."""
        stamp = stamp_of(stream)
        asked = {ID: Field(ID, "string"), stamp: Field(stamp, "datetime")}
        asked |= {field.name: field for field in fields}
        wanted = Wanted(stream.object_name, tuple(asked.values()), stamp, self._alive(stream))
        reading = Reading(self._client, wanted, Window(), self._batch_rows)
        reading.begin()
        names = [RECORD_ID, MODIFIED_AT, *(field.name for field in fields)]
        for portion in reading.read():
            yield portion.table.select(names)
        reading.end()

    def read_records(
        self, stream: Stream, fields: Sequence[Field], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield these records, those in the recycle bin as deleted rows; none of `fields`."""
        if stream.name == FIELDS.name:
            return
        wanted = Wanted(stream.object_name, fields, stamp_of(stream))
        for records in read_by_id(self._client, wanted.query(), wanted.stamp, record_ids):
            yield Batch({stream.name: from_records(fields, wanted.stamp, records)})

    def read_details(
        self, stream: Stream, names: Sequence[str], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield nothing: in Salesforce every relation and history is a stream of its own."""
        del stream, names, record_ids
        yield from ()

    def examine(self) -> Iterator[Finding]:
        """Yield what is well and what is wrong with the access that we have, and how to mend it."""
        return examine(self._client, self._streams)

    def _read_first(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        place = JobPlace.from_json(cursor.resume_after or "") if cursor else None
        if place is not None:
            reading = self._reading(stream, fields, Window())
            progress = Progress(cursor, is_first=True)
            try:
                yield from _batches(stream, reading, reading.resume(place), progress)
            except NOT_GIVEN:
                # Salesforce keeps a job for seven days, for its user and its API version alone, and
                # it has the columns of its time: what it does not give is read anew.
                pass
            else:
                return
        yield from self._read_window(stream, fields, Window(), Progress(None, is_first=True))

    def _read_window(
        self, stream: Stream, fields: Sequence[Field], window: Window, progress: Progress
    ) -> Iterator[Batch]:
        def begin() -> Reading:
            reading = self._reading(stream, fields, window)
            reading.begin()
            return reading

        reading = first_answer(self.crm, stream.name, begin, self._client.pause)
        yield from _batches(stream, reading, reading.read(), progress)

    def _read_catalog(self, stream: Stream, fields: Sequence[Field]) -> Iterator[Batch]:
        objects = [other.object_name for other in self._streams if other.name != stream.name]
        table = read_catalog(self._client, objects, fields)
        if table.num_rows:
            now = max(table.column(MODIFIED_AT).to_pylist())
            yield Batch({stream.name: table}, Cursor(now, read_at=now), whole=("",))

    def _reading(self, stream: Stream, fields: Sequence[Field], window: Window) -> Reading:
        wanted = Wanted(stream.object_name, fields, stamp_of(stream))
        return Reading(self._client, wanted, window, self._batch_rows)

    def _alive(self, stream: Stream) -> tuple[str, ...]:
        has_bin = self._client.description(stream.object_name).has(IS_DELETED)
        return (ALIVE,) if has_bin else ()


def _batches(
    stream: Stream, reading: Reading, portions: Iterator[Portion], progress: Progress
) -> Iterator[Batch]:
    for portion, is_last in with_last(portions):
        cursor = progress.after(portion, is_last=is_last)
        road = reading.road if portion.table.num_rows else None
        yield Batch({stream.name: portion.table}, cursor, road=road)
    reading.end()
