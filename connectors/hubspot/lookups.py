"""Finding contacts and reading their values: lists, searches, batches.

Search answers may be stale, and paging a search by offset skips rows that move, so a search only
finds ids, in order of id within a closed window; a batch read then brings the values.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlencode

from connectors.errors import UnreadableAnswerError
from connectors.hubspot.answers import BatchAnswer, Record, RecordPage, SearchPage, next_after
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.stamps import read_stamp
from connectors.hubspot.streams import PROPERTIES_WITH_HISTORY
from connectors.values import to_epoch_ms

OBJECT = "contacts"
LIST_SIZE, HISTORY_SIZE, SEARCH_SIZE = 100, 50, 200
"""Most records that HubSpot gives in one list, one answer with histories, one search."""

LONGEST_QUERY = 8_000
"""Bytes of a query that a list may carry; accounts with many properties go beyond."""


@dataclass(frozen=True)
class LivingPage:
    """Living contacts with histories, and where the list goes on (None at its end)."""

    records: list[Record]
    after: str | None


def newest_stamp(client: HubSpotClient) -> datetime | None:
    """Return when a contact last changed (UTC), or None where there are no contacts."""
    body = {
        "filterGroups": [],
        "sorts": [{"propertyName": "lastmodifieddate", "direction": "DESCENDING"}],
        "properties": ["lastmodifieddate"],
        "limit": 1,
    }
    found = client.post(client.paths.search(OBJECT), body, SearchPage).results
    if not found:
        return None
    return read_stamp(found[0].properties.get("lastmodifieddate"), "the newest contact")


def list_living(
    client: HubSpotClient, properties: Sequence[str], after: str | None
) -> Iterator[LivingPage]:
    """Yield every living contact in order of id, from `after` on."""
    wanted: dict[str, str | int] = {
        "properties": ",".join(properties),
        "propertiesWithHistory": ",".join(PROPERTIES_WITH_HISTORY),
        "limit": HISTORY_SIZE,
    }
    is_wide = len(urlencode(wanted)) > LONGEST_QUERY
    for page in _list_pages(client, {"limit": LIST_SIZE} if is_wide else wanted, after):
        records = page.results
        if is_wide:
            records = list(read_by_id(client, [found.id for found in records], properties))
        yield LivingPage(records, next_after(page.paging))


def list_archived(client: HubSpotClient, properties: Sequence[str]) -> Iterator[Record]:
    """Yield every contact in the recycle bin, which keeps them for 90 days."""
    params: dict[str, str | int] = {
        "properties": ",".join(properties),
        "archived": "true",
        "limit": LIST_SIZE,
    }
    for page in _list_pages(client, params, None):
        yield from page.results


def find_changed(client: HubSpotClient, floor: datetime, end: datetime) -> Iterator[str]:
    """Yield ids of living contacts last modified from floor to end, in order of id."""
    last = 0
    while True:
        page = client.post(client.paths.search(OBJECT), _window(floor, end, last), SearchPage)
        ids = sorted(int(found.id) for found in page.results)
        if page.total and (not ids or ids[0] <= last):
            what = f"a search found {page.total} contacts and gave none further on"
            raise UnreadableAnswerError("hubspot", client.paths.search(OBJECT), what)
        yield from map(str, ids)
        if page.total <= len(ids):
            return
        last = ids[-1]


def read_by_id(
    client: HubSpotClient, ids: Iterable[str], properties: Sequence[str]
) -> Iterator[Record]:
    """Yield contacts with histories. A merged id comes back as its survivor; gone ones don't."""
    path = client.paths.batch_read(OBJECT)
    for chunk in in_chunks(ids, HISTORY_SIZE):
        body = {
            "properties": list(properties),
            "propertiesWithHistory": list(PROPERTIES_WITH_HISTORY),
            "inputs": [{"id": record_id} for record_id in chunk],
        }
        answer = client.post(path, body, BatchAnswer)
        if missing := set(chunk) - _accounted_for(answer):
            what = f"{len(missing)} of {len(chunk)} contacts came neither back nor as errors"
            raise UnreadableAnswerError("hubspot", path, what)
        yield from answer.results


def in_chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield the items in lists of at most `size`."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _list_pages(
    client: HubSpotClient, params: dict[str, str | int], after: str | None
) -> Iterator[RecordPage]:
    path = client.paths.objects(OBJECT)
    while True:
        query = params if after is None else {**params, "after": after}
        page = client.get(path, query, RecordPage)
        yield page
        following = next_after(page.paging)
        if following is None:
            return
        if following == after:
            what = "the next page begins where this one did"
            raise UnreadableAnswerError("hubspot", path, what)
        after = following


def _window(floor: datetime, end: datetime, last: int) -> dict[str, object]:
    changed = {
        "propertyName": "lastmodifieddate",
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
