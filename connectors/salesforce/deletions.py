"""Records that are gone for good: getDeleted tells of them for 15 days, nothing else does.

Source: REST API Developer Guide, "sObject Get Deleted": spans of whole minutes, at most 30 days
back; more ids than an answer holds are refused (EXCEEDED_ID_LIMIT).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from connectors.errors import RejectedRequestError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.soql import Query, among, first_of
from connectors.salesforce.tables import ID
from connectors.values import format_datetime

_KEPT = timedelta(days=15)
_MINUTE = timedelta(minutes=1)
_TOO_MANY, _NOT_TOLD = "EXCEEDED_ID_LIMIT", "INVALID_TYPE_FOR_OPERATION"


class Deletion(msgspec.Struct, rename="camel"):
    """A record that was deleted, in the recycle bin or not."""

    id: str
    deleted_date: str


class _Deletions(msgspec.Struct, rename="camel"):
    deleted_records: list[Deletion] = []


def list_deleted(
    client: SalesforceClient, object_name: str, since: datetime, until: datetime
) -> Iterator[Deletion]:
    """Yield what was deleted in a span of time (UTC), as far back as Salesforce knows."""
    end = until.replace(second=0, microsecond=0)
    # Seconds count from the span's first minute on; the oldest minute is just being forgotten.
    start = max(since, until - _KEPT + _MINUTE).replace(second=0, microsecond=0)
    spans = [(min(start, end - _MINUTE), end)]
    while spans:
        start, end = spans.pop()
        try:
            yield from _ask(client, object_name, start, end)
        except RejectedRequestError as refusal:
            if refusal.code == _NOT_TOLD:
                return
            if refusal.code != _TOO_MANY or end - start <= _MINUTE:
                raise
            middle = (start + (end - start) / 2).replace(second=0, microsecond=0)
            spans += [(middle, end), (start, middle)]


def still_shown(client: SalesforceClient, object_name: str, ids: Sequence[str]) -> set[str]:
    """Return those of the ids that queries still find, living or in the recycle bin."""
    query = Query(object_name, (ID,))

    def ask(rest: Sequence[str], room: int) -> tuple[int, set[str]]:
        piece = first_of(rest, query, room)
        records = client.records(str(query.where(among(piece))))
        return len(piece), {str(found[ID]) for found in records}

    return set().union(*client.room.in_pieces(ids, ask))


def _ask(
    client: SalesforceClient, object_name: str, start: datetime, end: datetime
) -> list[Deletion]:
    span = urlencode({"start": format_datetime(start), "end": format_datetime(end)})
    return client.ask(f"sobjects/{object_name}/deleted/?{span}", _Deletions).deleted_records
