"""HubSpot as read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import pyarrow as pa

from connectors.errors import first_answer
from connectors.hubspot.catalogs.reader import CatalogReader
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.examine import examine
from connectors.hubspot.objects import ObjectReader
from connectors.hubspot.properties import typed_properties
from connectors.hubspot.streams import CATALOGS, OBJECTS, streams_with
from connectors.hubspot.streams.account import FORM_SUBMISSIONS
from connectors.hubspot.streams.shape import ObjectStream
from connectors.hubspot.submissions import SubmissionReader
from connectors.interfaces import Source
from connectors.records import Batch, Crm, Cursor, Field, Finding, Quota, Stream, in_lower_case

LOOK_BACK = timedelta(minutes=5)
"""The search index shows most changes within seconds, some only minutes later."""

BATCH_ROWS = 5_000
"""Of 100,000 contacts of 30 properties, 5,000 at once took 234 MB and 10,000 took 263, with 27,000
and 28,700 rows a CPU second (2026-11-22)."""

_CALCULATED = re.compile(r"hs_(v2_|time_in_|date_entered_|date_exited_)")
"""Names of properties that HubSpot computes though it says of some that it does not."""

_TICKING = re.compile(r"hs_(v2_(latest_|cumulative_)?)?time_in_")
"""Names of properties that count the seconds in a stage: another number at each reading.

Read by default, each contact would differ from what is kept every day though nothing happened: 37
of 39 in an account nobody touched (2026-11-22). When a stage was entered and left says the same.
"""


class HubSpotSource(Source):
    """Reads every stream of `streams.STREAMS`, and custom objects.

    Besides objects with their details there are form submissions and catalogs, which come whole
    by `read` and `read_states`: of the readings beside the increments, `read_records` alone knows
    catalogs.
    """

    crm: Crm = "hubspot"
    reads_bin_whole = True

    def __init__(
        self,
        client: HubSpotClient,
        look_back: timedelta = LOOK_BACK,
        batch_rows: int = BATCH_ROWS,
        objects: Sequence[ObjectStream] = tuple(OBJECTS.values()),
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            client: The account.
            look_back: How late the search index shows most changes.
            batch_rows: Rows of a batch at most.
            objects: What is read besides the account's own catalogs, custom objects included.
        """
        self._client = client
        self._look_back = look_back
        self._batch_rows = batch_rows
        self._objects: Mapping[str, ObjectStream] = {known.name: known for known in objects}
        self.calls = client.calls

    def streams(self) -> tuple[Stream, ...]:
        """Return every stream, those of custom objects last."""
        return streams_with(self._objects.values())

    def clock(self) -> datetime:
        """Return HubSpot's own time (UTC, whole seconds)."""
        return self._client.now()

    def quota(self) -> Quota | None:
        """Return the day's calls as the latest answer told; OAuth apps are told nothing."""
        return self._client.quota

    def fields(self, stream: Stream) -> tuple[Field, ...]:
        """Return every property that we may ask for, then those required but absent.

        Hidden and ticking ones are left out unless they are required or the settings name them.
        A ticking one stands as it was when its record was read, and no tick is a change.
        """
        if stream.name not in self._objects:
            return stream.choose_fields(stream.required_fields)
        ask = partial(self._client.properties, stream.object_name)
        found = first_answer(self.crm, stream.name, ask, self._client.pause)
        named = in_lower_case(stream.included) | stream.required_fields.keys()
        ticking = {one.name for one in found if _TICKING.match(one.name)}
        shown = [one for one in found if not one.hidden or one.name in named]
        offered = [one for one in shown if one.name in named or one.name not in ticking]
        calculated = {one.name for one in shown if one.calculated or _CALCULATED.match(one.name)}
        return stream.choose_fields(typed_properties(offered), calculated - ticking)

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield a batch about every `batch_rows` rows."""
        if reader := self._reader(stream, fields):
            return reader.read(cursor)
        if stream.name == FORM_SUBMISSIONS.name:
            return self._submissions().read(cursor)
        return self._catalog(stream).read(cursor)

    def read_states(
        self, stream: Stream, fields: Sequence[Field], known: Mapping[str, str]
    ) -> Iterator[Batch]:
        """Yield a catalog whole, without the members of lists that nobody joined or left."""
        if stream.name in CATALOGS:
            return self._catalog(stream, known).read()
        return self.read(stream, fields, None)

    def reread(
        self, stream: Stream, fields: Sequence[Field], since: datetime, until: datetime
    ) -> Iterator[Batch]:
        """Yield the records stamped from `since` to `until` (UTC) as they are now."""
        if reader := self._reader(stream, fields):
            yield from reader.reread(since, until)
        elif stream.name == FORM_SUBMISSIONS.name:
            yield from self._submissions().reread(since, until)

    def deletions(
        self, stream: Stream, fields: Sequence[Field], since: datetime
    ) -> Iterator[Batch]:
        """Yield what the recycle bin has got since then; it is read whole, 100 a request."""
        if reader := self._reader(stream, fields):
            yield from reader.deletions(since)

    def count(self, stream: Stream) -> int | None:
        """Return how many living records searches find; one request."""
        reader = self._reader(stream, ())
        return reader.count() if reader else None

    def survey(self, stream: Stream, fields: Sequence[Field]) -> Iterator[pa.Table]:
        """Yield id, stamp and the given fields of every living record, 100 a request."""
        if reader := self._reader(stream, fields):
            yield from reader.survey()

    def read_records(
        self, stream: Stream, fields: Sequence[Field], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield these records; one that was merged away comes as its survivor.

        Of a catalog they are those that another reading of it shows.
        """
        if reader := self._reader(stream, fields):
            yield from reader.read_records(record_ids)
        elif stream.name in CATALOGS:
            yield from self._catalog(stream).read_records(record_ids)

    def read_details(
        self, stream: Stream, names: Sequence[str], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield the named details: histories by 50, associations by 1,000 and far object."""
        if reader := self._reader(stream, ()):
            yield from reader.read_details(names, record_ids)

    def examine(self) -> Iterator[Finding]:
        """Yield what is well and what is wrong with our key, and how to mend it."""
        return examine(self._client, tuple(self._objects.values()))

    def _submissions(self) -> SubmissionReader:
        return SubmissionReader(self._client, self._look_back, self._batch_rows)

    def _catalog(self, stream: Stream, known: Mapping[str, str] | None = None) -> CatalogReader:
        objects = tuple(self._objects.values())
        return CatalogReader(self._client, stream, objects, self._batch_rows, known or {})

    def _reader(self, stream: Stream, fields: Sequence[Field]) -> ObjectReader | None:
        known = self._objects.get(stream.name)
        if known is None:
            return None
        return ObjectReader(self._client, known, fields, self._look_back, self._batch_rows)
