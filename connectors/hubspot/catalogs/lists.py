"""Lists of records, and who is on those of contacts and companies.

Both come in pages while lists change: what came is compared with the totals that HubSpot states,
and read again where some is missing.

A search tells of each list, besides its definition, its size and when the last record joined and
left it, without being asked (developers.hubspot.com, Search Lists, `additionalProperties`): its
members need not be read again while these stand. What never was, such as a record that left, is
left out of the answer.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from connectors.errors import UnreadableAnswerError
from connectors.hubspot.catalogs.answers import ListPage, Membership, MembershipPage, RecordList
from connectors.hubspot.catalogs.parts import Entry, Page, Part
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.paging import read_pages
from connectors.hubspot.streams.shape import ObjectStream
from connectors.values import to_epoch_ms

LIST_SIZE, MEMBER_SIZE = 500, 250
"""Most lists and most members that HubSpot gives in one answer."""

ATTEMPTS = 3
"""Readings of what changes all the time, before it counts as an answer that can't be right."""

WITH_MEMBERS = frozenset({"0-1", "0-2"})
"""Type ids of contacts and companies: who is on other lists is not read."""

SIZE, ADDED, REMOVED = "hs_list_size", "hs_last_record_added_at", "hs_last_record_removed_at"

SETTLED = timedelta(hours=1)
"""Nobody promises that members show as soon as their list's stamps move: an index of HubSpot's has
been seen an hour behind. Until then a list that moved counts as moving."""


def list_parts(client: HubSpotClient, _objects: Sequence[ObjectStream]) -> Iterator[Part]:
    """Yield the one part that all lists make."""
    yield Part("", _lists(client))


def membership_parts(client: HubSpotClient, _objects: Sequence[ObjectStream]) -> Iterator[Part]:
    """Yield a part for each list."""
    for found in _all_lists(client):
        if found.object_type_id in WITH_MEMBERS:
            signs = _signs(found, client.latest_time())
            yield Part(f"{found.list_id}:", _members(client, found), signs)


def _signs(known: RecordList, now: datetime) -> str:
    """Return a list's size and stamps; "" where it has none, or moved of late (UTC)."""
    told = known.additional_properties
    size, added, removed = (told.get(name) or "" for name in (SIZE, ADDED, REMOVED))
    stamps = [stamp for stamp in (added, removed) if stamp]
    if not size or not added or not all(stamp.isdecimal() for stamp in stamps):
        return ""
    is_settled = max(map(int, stamps)) < to_epoch_ms(now - SETTLED)
    return f"{size} {added} {removed}" if is_settled else ""


def _all_lists(client: HubSpotClient) -> list[RecordList]:
    path = client.paths.list_search()
    for attempt in range(ATTEMPTS):
        found: dict[str, RecordList] = {}
        for page in _list_pages(client, path):
            found |= {known.list_id: known for known in page.lists}
            total = page.total
        # Without any list, nobody would be on one: one empty answer is no proof of that.
        if len(found) >= total and (found or attempt):
            return list(found.values())
    raise UnreadableAnswerError("hubspot", path, f"{len(found)} of {total} lists came")


def _list_pages(client: HubSpotClient, path: str) -> Iterator[ListPage]:
    asked = {"count": LIST_SIZE, "query": "", "additionalProperties": [SIZE, ADDED, REMOVED]}
    offset, has_more = 0, True
    while has_more:
        page = client.post(path, {**asked, "offset": offset}, ListPage)
        yield page
        if page.has_more and page.offset <= offset:
            raise UnreadableAnswerError("hubspot", path, "the next page begins where this one did")
        offset, has_more = page.offset, page.has_more


def _lists(client: HubSpotClient) -> Iterator[Page]:
    yield Page(map(_list_entry, _all_lists(client)), client.latest_time())


def _list_entry(found: RecordList) -> Entry:
    return found.list_id, {
        "list_id": found.list_id,
        "name": found.name,
        "object_type_id": found.object_type_id,
        "processing_type": found.processing_type,
        "size": found.additional_properties.get(SIZE),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "filters_updated_at": found.filters_updated_at,
    }


def _members(client: HubSpotClient, known: RecordList) -> Iterator[Page]:
    """Read a list's members, who come in order of id.

    Those who join or leave meanwhile move the total: fewer than the least one stated are too few.
    """
    path, params = client.paths.list_members(known.list_id), {"limit": MEMBER_SIZE}
    for _ in range(ATTEMPTS):
        came, totals = 0, set[int]()
        for page in read_pages(client, path, params, MembershipPage):
            came += len(page.results)
            totals.add(_least(known, came) if page.total is None else page.total)
            members = [_member_entry(known, member) for member in page.results]
            yield Page(members, client.latest_time())
        if came >= min(totals):
            return
    raise UnreadableAnswerError("hubspot", path, f"{came} of {min(totals)} members came")


def _least(known: RecordList, came: int) -> int:
    """Return how many members a list has at least whose page states no total."""
    size = known.additional_properties.get(SIZE)
    return came if came or size in (None, "0") else 1


def _member_entry(known: RecordList, member: Membership) -> Entry:
    return f"{known.list_id}:{member.record_id}", {
        "list_id": known.list_id,
        "record_id": member.record_id,
        "object_type_id": known.object_type_id,
        "added_at": member.membership_timestamp,
    }
