"""Objects with more fields than an address holds: several queries, put together record by record.

A record that changes between two of them would be half old and half new: the stamps tell, and it
is read again by its id, in one piece.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from connectors.errors import TooLongError, UnreadableAnswerError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.course import Records
from connectors.salesforce.lookups import read_by_id
from connectors.salesforce.soql import Query, split_fields
from connectors.salesforce.tables import ID, IS_DELETED
from connectors.salesforce.windows import Window, WindowReader
from connectors.values import parse

_ROOM_FOR_CONDITIONS = 400
_LAST = datetime.max.replace(tzinfo=UTC)


class WideReader:
    """Reads a window as `WindowReader` does, whatever the number of fields."""

    def __init__(
        self,
        client: SalesforceClient,
        query: Query,
        stamp: str,
        window: Window,
        *,
        halves_all: bool = True,
    ) -> None:
        """Prepare, as `WindowReader`."""
        self._client = client
        self._query = query
        self._stamp = stamp
        self._window = window
        self._halves_all = halves_all
        self._base = self._reader(query)
        self.queries = 1
        """How many it takes for each page."""

    @property
    def announced(self) -> int:
        """Records that the first answer said there are."""
        return self._base.announced

    @property
    def answered_at(self) -> datetime | None:
        """Salesforce's time when it was first asked."""
        return self._base.answered_at

    @property
    def read_at(self) -> datetime:
        """The same, once something has come."""
        if self.answered_at is None:
            raise UnreadableAnswerError("salesforce", "queryAll", "records came without an answer")
        return self.answered_at

    def read(self) -> Iterator[Records]:
        """Yield pages of whole records, none of them empty; raises as `WindowReader.read`."""
        while True:
            room = self._client.room.size
            first, *others = self._parts(room)
            self.queries = 1 + len(others)
            self._base = self._reader(first)
            try:
                for page in self._base.read():
                    if whole := self._complete(page, others) if others else page:
                        yield whole
            except TooLongError:
                if self._client.room.size >= room:
                    raise
            else:
                return

    def _parts(self, room: int) -> list[Query]:
        kept = [name for name in (ID, self._stamp, IS_DELETED) if name in self._query.fields]
        return split_fields(self._query, kept, room - _ROOM_FOR_CONDITIONS)

    def _reader(self, query: Query) -> WindowReader:
        return WindowReader(
            self._client, query, self._stamp, self._window, halves_all=self._halves_all
        )

    def _complete(self, page: Records, others: Sequence[Query]) -> Records:
        """Return a page's records with all their fields."""
        whole = {record[ID]: record for record in page}
        torn: set[str] = set()
        for query in others:
            rest = self._find(query, page)
            for record_id, record in whole.items():
                more = rest.get(record_id)
                if more is None or more[self._stamp] != record[self._stamp]:
                    torn.add(record_id)
                else:
                    record.update(more)
        if torn:
            again = read_by_id(self._client, self._query, self._stamp, sorted(torn))
            # One that does not come is gone by now, or hidden: nobody is given half of it.
            whole = {record_id: one for record_id, one in whole.items() if record_id not in torn}
            whole |= {record[ID]: record for records in again for record in records}
        return list(whole.values())

    def _find(self, query: Query, page: Records) -> dict[str, dict[str, object]]:
        """Return by id what another query tells of a page's records."""
        marks = [(parse("datetime", record[self._stamp]), record[ID]) for record in page]
        stamps = [moment for moment, _ in marks if isinstance(moment, datetime)]
        settled = [moment for moment in stamps if moment <= (self.answered_at or _LAST)]
        window = Window(min(stamps), max(settled or stamps))
        wanted = {record[ID] for record in page}
        found: dict[str, dict[str, object]] = {}
        for records in WindowReader(self._client, query, self._stamp, window).read():
            found |= {record[ID]: record for record in records if record[ID] in wanted}
            if len(found) == len(wanted):
                break
        return found
