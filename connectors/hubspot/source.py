"""HubSpot as read."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from connectors.errors import ABSENT_OR_HIDDEN, skipping
from connectors.hubspot.catalogs import CatalogReader
from connectors.hubspot.client import HubSpotClient, typed_properties
from connectors.hubspot.objects import ObjectReader
from connectors.hubspot.streams import OBJECTS, STREAMS
from connectors.hubspot.streams.account import FORM_SUBMISSIONS
from connectors.hubspot.submissions import SubmissionReader
from connectors.interfaces import Source
from connectors.records import Batch, Crm, Cursor, Field, Stream

LOOK_BACK = timedelta(minutes=5)
"""The search index shows most changes within seconds, some only minutes later."""

BATCH_ROWS = 10_000

_Reader = ObjectReader | SubmissionReader | CatalogReader


class HubSpotSource(Source):
    """Reads every stream of `STREAMS`."""

    crm: Crm = "hubspot"

    def __init__(
        self,
        client: HubSpotClient,
        look_back: timedelta = LOOK_BACK,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        self._client = client
        self._look_back = look_back
        self._batch_rows = batch_rows
        self.calls = client.calls

    def streams(self) -> tuple[Stream, ...]:
        """Return contacts, companies, deals and activities with their details, then the rest."""
        return STREAMS

    def clock(self) -> datetime:
        """Return HubSpot's own time (UTC, whole seconds)."""
        return self._client.now()

    def fields(self, stream: Stream) -> tuple[Field, ...]:
        """Return every property that we may ask for, then those required but absent."""
        if stream.name not in OBJECTS:
            return stream.choose_fields(stream.required_fields)
        with skipping(self.crm, stream.name):
            described = typed_properties(self._client.properties(stream.object_name))
        return stream.choose_fields(described)

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield a batch about every `batch_rows` rows. Records come in order of id."""
        answers = self._client.answers
        try:
            yield from self._reader(stream, fields).read(cursor)
        except ABSENT_OR_HIDDEN:
            if self._client.answers > answers:
                raise
            with skipping(self.crm, stream.name):
                raise

    def _reader(self, stream: Stream, fields: Sequence[Field]) -> _Reader:
        if known := OBJECTS.get(stream.name):
            return ObjectReader(self._client, known, fields, self._look_back, self._batch_rows)
        if stream.name == FORM_SUBMISSIONS.name:
            return SubmissionReader(self._client, self._look_back, self._batch_rows)
        return CatalogReader(self._client, stream)
