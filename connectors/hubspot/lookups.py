"""Finding records of an object and reading their values: lists, searches, batches.

Search answers may be stale, and paging a search by offset skips rows that move, so a search only
finds ids, in order of id within a closed window; a batch read then brings the values.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode

from connectors.errors import UnreadableAnswerError
from connectors.hubspot.answers import BatchAnswer, Record, RecordPage, SearchPage, next_after
from connectors.hubspot.client import HubSpotClient, Params
from connectors.hubspot.paging import read_pages
from connectors.hubspot.stamps import read_stamp
from connectors.hubspot.streams.shape import ObjectStream
from connectors.values import to_epoch_ms

Item = TypeVar("Item")

LIST_SIZE, HISTORY_SIZE, SEARCH_SIZE = 100, 50, 200
"""Most records that HubSpot gives in one list, one answer with histories, one search."""

LONGEST_QUERY = 8_000
"""Bytes of a query that a list may carry; accounts with many properties go beyond."""


@dataclass(frozen=True)
class LivingPage:
    """Living records with histories, and where the list goes on (None at its end)."""

    records: list[Record]
    after: str | None


def newest_stamp(client: HubSpotClient, known: ObjectStream) -> datetime | None:
    """Return when a record last changed (UTC), or None where there are no records."""
    body = {
        "filterGroups": [],
        "sorts": [{"propertyName": known.modified, "direction": "DESCENDING"}],
        "properties": [known.modified],
        "limit": 1,
    }
    found = client.post(client.paths.search(known.name), body, SearchPage).results
    if not found:
        return None
    return read_stamp(found[0].properties.get(known.modified), f"the newest {known.singular}")


def list_living(
    client: HubSpotClient, known: ObjectStream, properties: Sequence[str], after: str | None
) -> Iterator[LivingPage]:
    """Yield every living record in order of id, from `after` on."""
    wanted: Params = {"properties": ",".join(properties), "limit": LIST_SIZE}
    if known.histories:
        histories = ",".join(known.histories)
        wanted = {**wanted, "propertiesWithHistory": histories, "limit": HISTORY_SIZE}
    is_wide = len(urlencode(wanted)) > LONGEST_QUERY
    query = {"limit": LIST_SIZE} if is_wide else wanted
    for page in read_pages(client, client.paths.objects(known.name), query, RecordPage, after):
        records = page.results
        if is_wide:
            records = list(read_by_id(client, known, [found.id for found in records], properties))
        yield LivingPage(records, next_after(page.paging))


def list_archived(
    client: HubSpotClient, known: ObjectStream, properties: Sequence[str]
) -> Iterator[Record]:
    """Yield every record in the recycle bin, which keeps them for 90 days."""
    params: Params = {
        "properties": ",".join(properties),
        "archived": "true",
        "limit": LIST_SIZE,
    }
    for page in read_pages(client, client.paths.objects(known.name), params, RecordPage):
        yield from page.results


def find_changed(
    client: HubSpotClient, known: ObjectStream, floor: datetime, end: datetime
) -> Iterator[str]:
    """Yield ids of living records last modified from floor to end, in order of id."""
    path, last = client.paths.search(known.name), 0
    while True:
        page = client.post(path, _window(known, floor, end, last), SearchPage)
        ids = sorted(int(found.id) for found in page.results)
        if page.total and (not ids or ids[0] <= last):
            what = f"a search found {page.total} {known.name} and gave none further on"
            raise UnreadableAnswerError("hubspot", path, what)
        yield from map(str, ids)
        if page.total <= len(ids):
            return
        last = ids[-1]


def read_by_id(
    client: HubSpotClient, known: ObjectStream, ids: Iterable[str], properties: Sequence[str]
) -> Iterator[Record]:
    """Yield records with histories. A merged id comes back as its survivor; gone ones don't."""
    path = client.paths.batch_read(known.name)
    histories = {"propertiesWithHistory": list(known.histories)} if known.histories else {}
    for chunk in in_chunks(ids, HISTORY_SIZE if histories else LIST_SIZE):
        inputs = [{"id": record_id} for record_id in chunk]
        body = {"properties": list(properties), "inputs": inputs, **histories}
        answer = client.post(path, body, BatchAnswer)
        if missing := set(chunk) - _accounted_for(answer):
            what = f"{len(missing)} of {len(chunk)} {known.name} came neither back nor as errors"
            raise UnreadableAnswerError("hubspot", path, what)
        yield from answer.results


def in_chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _window(known: ObjectStream, floor: datetime, end: datetime, last: int) -> dict[str, object]:
    changed = {
        "propertyName": known.modified,
        "operator": "BETWEEN",
        "value": str(to_epoch_ms(floor)),
        "highValue": str(to_epoch_ms(end)),
    }
    further = {"propertyName": "hs_object_id", "operator": "GT", "value": str(last)}
    return {
        "filterGroups": [{"filters": [changed, further]}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "properties": ["hs_object_id"],
        "limit": SEARCH_SIZE,
    }


def _accounted_for(answer: BatchAnswer) -> set[str]:
    known = {record.id for record in answer.results}
    for record in answer.results:
        merged = record.properties.get("hs_merged_object_ids") or ""
        known.update(part.strip() for part in merged.split(";"))
    for error in answer.errors:
        known.update(error.context.get("ids", []))
    return known
