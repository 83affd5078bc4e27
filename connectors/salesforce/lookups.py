"""Records by their ids, deleted ones included.

Source: REST API Developer Guide, "Get Multiple Records with Fewer Round-Trips": up to 2,000 ids in
a body, so no address limits the fields; a record that is deleted, gone or hidden is null.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from connectors.errors import RejectedRequestError, UnreadableAnswerError
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.queries import read_small
from connectors.salesforce.soql import Query, among, first_of, split_fields
from connectors.salesforce.tables import ID

READ_SIZE = 2_000
Records = list[dict[str, Any]]
_Found = list[dict[str, Any] | None]
_DECODER = msgspec.json.Decoder(_Found, float_hook=str)


def read_by_id(
    client: SalesforceClient, query: Query, stamp: str, record_ids: Sequence[str]
) -> Iterator[Records]:
    """Yield the fields of a query of these records, none of them twice; left out what is gone."""
    for start in range(0, len(record_ids), READ_SIZE):
        wanted = list(record_ids[start : start + READ_SIZE])
        living = _retrieve(client, query, wanted)
        if living:
            yield living
        came = {record[ID] for record in living}
        missing = [record_id for record_id in wanted if record_id not in came]
        for records in client.room.in_pieces(missing, partial(_select, client, query, stamp)):
            if records:
                yield records


def _retrieve(client: SalesforceClient, query: Query, record_ids: list[str]) -> Records:
    path = f"composite/sobjects/{query.object_name}"
    body = {"ids": record_ids, "fields": list(query.fields)}
    try:
        found = client.decode(path, _DECODER, "POST", body)
    except RejectedRequestError:
        # Not every object can be read so: what is missing is asked for by queries.
        return []
    if len(found) != len(record_ids):
        what = f"{len(found)} records came for {len(record_ids)} ids"
        raise UnreadableAnswerError("salesforce", path, what)
    return [record for record in found if record is not None]


def _select(
    client: SalesforceClient, query: Query, stamp: str, record_ids: Sequence[str], room: int
) -> tuple[int, Records]:
    """Read the first of some records by queries; return how many were asked for, and who came."""
    parts = split_fields(query, [ID, stamp], room // 2)
    ids = first_of(record_ids, max(parts, key=lambda part: part.size), room)
    return len(ids), _put_together(client, parts, stamp, ids)


def _put_together(
    client: SalesforceClient, parts: Sequence[Query], stamp: str, record_ids: Sequence[str]
) -> Records:
    """Return what all parts tell of some records, as of one moment."""
    for _ in range(ATTEMPTS):
        answers = [read_small(client, part.where(among(record_ids))) for part in parts]
        stamps = [{record[ID]: record[stamp] for record in answer} for answer in answers]
        if all(told == stamps[0] for told in stamps):
            whole: dict[str, dict[str, Any]] = {}
            for record in (record for answer in answers for record in answer):
                whole.setdefault(record[ID], {}).update(record)
            return list(whole.values())
    what = "records change faster than they can be read"
    raise UnreadableAnswerError("salesforce", "queryAll", what)
