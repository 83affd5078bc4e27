"""HubSpot as read."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from connectors.hubspot.client import HubSpotClient, typed_properties
from connectors.hubspot.contacts import ContactReader
from connectors.hubspot.forms import FIELDS, SubmissionReader
from connectors.hubspot.streams import CONTACTS, STREAMS
from connectors.interfaces import Source
from connectors.records import Batch, Crm, Cursor, Field, Stream

LOOK_BACK = timedelta(minutes=5)
"""The search index shows most changes within seconds, some only minutes later."""

BATCH_ROWS = 10_000


class HubSpotSource(Source):
    """Reads contacts, their property histories and form submissions."""

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
        """Return contacts (with contact_histories as details) and form_submissions."""
        return STREAMS

    def clock(self) -> datetime:
        """Return HubSpot's own time (UTC, whole seconds)."""
        return self._client.now()

    def fields(self, stream: Stream) -> tuple[Field, ...]:
        """Return every property, then those required but absent."""
        if stream.name != CONTACTS.name:
            return FIELDS
        described = typed_properties(self._client.properties(stream.object_name))
        required = stream.required_fields
        present = [Field(name, required.get(name, kind)) for name, kind in described.items()]
        absent = [
            Field(n, kind, exists=False) for n, kind in required.items() if n not in described
        ]
        return (*present, *absent)

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield a batch about every `batch_rows` rows. Contacts come in order of id."""
        if stream.name == CONTACTS.name:
            reader = ContactReader(self._client, fields, self._look_back, self._batch_rows)
            return reader.read(cursor)
        return SubmissionReader(self._client, self._look_back, self._batch_rows).read(cursor)
