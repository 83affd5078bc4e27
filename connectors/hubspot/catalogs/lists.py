"""Lists of records, and who is on those of contacts and companies.

Both come in pages while lists change: what came is compared with the totals that HubSpot states,
and read again where some is missing.

A search tells of each list, besides its definition, its size and when the last record joined and
left it, without being asked (developers.hubspot.com, Search Lists, `additionalProperties`): its
members need not be read again while these stand. What never was, such as a record that left, is
left out of the answer. They stand for members that were as many as the size, or as many in two
readings, runs apart: HubSpot keeps the size by itself, and it may stay off by some. One answer of
before, short or empty, would else be believed for as long as nobody joins or leaves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

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
            signs, members = _signs(found, client.latest_time()), _Members(client, found)
            yield Part(f"{found.list_id}:", members.read(), signs, members.other_than_told)


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


@dataclass
class _Members:
    """The members of a list, who come in order of id."""

    client: HubSpotClient
    known: RecordList
    came: list[pa.Array] = field(default_factory=list)
    """By page, who came in the latest reading."""

    @property
    def size(self) -> int | None:
        """How many there are by the search that found the list, if it told."""
        size = self.known.additional_properties.get(SIZE) or ""
        return int(size) if size.isdecimal() else None

    def other_than_told(self) -> int | None:
        """Return how many came, where they are other than the list's size; else None."""
        came = self._count()
        return None if came == self.size else came

    def read(self) -> Iterator[Page]:
        """Yield the pages; again where somebody is missing.

        Raises:
            UnreadableAnswerError: somebody is missing each time.
        """
        path, params = self.client.paths.list_members(self.known.list_id), {"limit": MEMBER_SIZE}
        counts, totals = list[int](), set[int]()
        while len(counts) < ATTEMPTS:
            self.came, totals = [], set()
            for page in read_pages(self.client, path, params, MembershipPage):
                self.came.append(pa.array([one.record_id for one in page.results], pa.string()))
                totals |= set() if page.total is None else {page.total}
                entries = [_member_entry(self.known, member) for member in page.results]
                yield Page(entries, self.client.latest_time())
            counts.append(self._count())
            if self._are_all(counts, totals):
                return
        least = min(totals, default=self.size)
        raise UnreadableAnswerError("hubspot", path, f"{counts[-1]} of {least} members came")

    def _count(self) -> int:
        """Count those who came, each once."""
        count: int = pc.count_distinct(pa.chunked_array(self.came, pa.string())).as_py()
        return count

    def _are_all(self, counts: Sequence[int], totals: set[int]) -> bool:
        """Say whether those who came last can be all, by the counts of all readings.

        Those who join or leave meanwhile move the total: fewer than the least one stated are too
        few. Where none is stated, fewer than the size are, unless two readings show as many. None
        at all, of a list that has members, is believed the third time, and only with a total.
        """
        came, size = counts[-1], self.size or 0
        if totals:
            return came >= min(totals) and (came > 0 or not size or len(counts) == ATTEMPTS)
        return came >= size or (came > 0 and counts[-2:] == [came, came])


def _member_entry(known: RecordList, member: Membership) -> Entry:
    return f"{known.list_id}:{member.record_id}", {
        "list_id": known.list_id,
        "record_id": member.record_id,
        "object_type_id": known.object_type_id,
        "added_at": member.membership_timestamp,
    }
