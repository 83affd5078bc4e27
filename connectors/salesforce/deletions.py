"""Records that are gone for good: getDeleted tells of them for 15 days, nothing else does.

Source: REST API Developer Guide, "sObject Get Deleted"; SOAP API Developer Guide, `getDeleted()`:
spans of whole minutes, at most 30 days back; more ids than an answer holds are refused
(EXCEEDED_ID_LIMIT), and so is a span that begins before an administrator purged the recycle bin, or
in a young org before it lists changes (INVALID_REPLICATION_DATE; jsforce #406).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from connectors.arrow import assemble
from connectors.errors import RejectedRequestError
from connectors.records import Batch, Field, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.queries import read_small
from connectors.salesforce.soql import Query, among, first_of
from connectors.salesforce.streams import is_history
from connectors.salesforce.tables import ID
from connectors.values import format_datetime, parse, parse_or_keep

_KEPT = timedelta(days=15)
_MINUTE = timedelta(minutes=1)
_TOO_MANY, _NOT_TOLD = "EXCEEDED_ID_LIMIT", "INVALID_TYPE_FOR_OPERATION"
_FORGOTTEN = "INVALID_REPLICATION_DATE"


class Deletion(msgspec.Struct, rename="camel"):
    """A record that was deleted, in the recycle bin or not."""

    id: str
    deleted_date: str


class _Deletions(msgspec.Struct, rename="camel"):
    deleted_records: list[Deletion] = []
    earliest_date_available: str = ""


class DeletionReader:
    """Reads which records of one object were deleted."""

    def __init__(self, client: SalesforceClient, object_name: str) -> None:
        self.forgot = False
        """Whether Salesforce no longer knew of the beginning of the span."""
        self._client = client
        self._path = f"sobjects/{object_name}/deleted/"

    def read(self, since: datetime, until: datetime) -> Iterator[list[Deletion]]:
        """Yield what was deleted in a span of time (UTC), as far back as Salesforce knows."""
        end = until.replace(second=0, microsecond=0)
        # Seconds count from the span's first minute on; the oldest minute is just being forgotten.
        start = max(since, until - _KEPT + _MINUTE).replace(second=0, microsecond=0)
        spans = [(min(start, end - _MINUTE), end)]
        while spans:
            start, end = spans.pop()
            try:
                told = self._ask(start, end).deleted_records
            except RejectedRequestError as refusal:
                if refusal.code == _NOT_TOLD:
                    return
                spans += self._others(refusal, start, end)
            else:
                yield told

    def _others(
        self, refusal: RejectedRequestError, start: datetime, end: datetime
    ) -> list[tuple[datetime, datetime]]:
        """Return what to ask for in place of a span that was refused, the earliest last."""
        if refusal.code == _FORGOTTEN:
            self.forgot = True
            return self._known_part(start, end)
        if refusal.code != _TOO_MANY or end - start <= _MINUTE:
            raise refusal
        middle = _middle(start, end)
        return [(middle, end), (start, middle)]

    def _known_part(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the part of a span that Salesforce still knows of, as its last minute tells."""
        if end - start <= _MINUTE:
            return []
        try:
            told = self._ask(end - _MINUTE, end).earliest_date_available
        except RejectedRequestError as refusal:
            if refusal.code != _FORGOTTEN:
                raise
            return []
        known = parse_or_keep("datetime", told)
        if isinstance(known, datetime) and start < known < end:
            known += timedelta(seconds=59)
            return [(min(known.replace(second=0, microsecond=0), end - _MINUTE), end)]
        return [(max(_middle(start, end), start + _MINUTE), end)]

    def _ask(self, start: datetime, end: datetime) -> _Deletions:
        span = urlencode({"start": format_datetime(start), "end": format_datetime(end)})
        return self._client.ask(f"{self._path}?{span}", _Deletions)


def tombstones(
    client: SalesforceClient, stream: Stream, fields: Sequence[Field], told: Sequence[Deletion]
) -> Iterator[Batch]:
    """Yield those of the deleted records that no reading of the stream sees.

    In the recycle bin it sees them, but for lines of history: there they bear the stamp of their
    making, and no reading comes back to them.
    """
    moments = {deletion.id: parse("datetime", deletion.deleted_date) for deletion in told}
    seen = set() if is_history(stream) else still_shown(client, stream.object_name, list(moments))
    if gone := sorted(moments.keys() - seen):
        stamps = [moments[record_id] for record_id in gone]
        yield Batch({stream.name: assemble(fields, gone, stamps, [True] * len(gone), {})})


def still_shown(client: SalesforceClient, object_name: str, ids: Sequence[str]) -> set[str]:
    """Return those of the ids that queries still find, living or in the recycle bin."""
    query = Query(object_name, (ID,))

    def ask(rest: Sequence[str], room: int) -> tuple[int, set[str]]:
        piece = first_of(rest, query, room)
        records = read_small(client, query.where(among(piece)))
        return len(piece), {str(found[ID]) for found in records}

    return set().union(*client.room.in_pieces(ids, ask))


def _middle(start: datetime, end: datetime) -> datetime:
    return (start + (end - start) / 2).replace(second=0, microsecond=0)
