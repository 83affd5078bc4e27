"""Finding which records there are, which is the newest, and which changed in a window of time.

Search answers may be stale, and paging a search by offset skips rows that move: so a search only
finds ids, in order of id, each page behind the last id of the one before. Their values come by
batch read.
Source: developers.hubspot.com, "CRM search" (sorts, limits, delays of the index).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from connectors.hubspot.answers import Record, SearchPage
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.insisting import ContradictionError, insist
from connectors.hubspot.stamps import REST_OF_SECOND, read_stamp, whole_milliseconds
from connectors.hubspot.streams.shape import ObjectStream
from connectors.values import to_epoch_ms

SEARCH_SIZE = 200
"""Most records that one search gives."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""Between the servers of one account, at most."""


@dataclass(frozen=True)
class Found:
    """What a page of a window's search tells."""

    ids: list[int]
    total: int
    """How many there are in the window from the first of these on."""


@dataclass(frozen=True)
class Searcher:
    """Searches one object's living records."""

    client: HubSpotClient
    known: ObjectStream

    def count(self) -> int:
        """Return how many there are."""
        return self._one({"propertyName": "hs_object_id", "direction": "ASCENDING"}).total

    def newest(self) -> tuple[datetime | None, int]:
        """Return when a record last changed (UTC; None where there are none), and the count."""
        modified = self.known.modified
        page = self._one({"propertyName": modified, "direction": "DESCENDING"}, modified)
        if not page.results:
            return None, page.total
        return self._stamp(page.results[0]), page.total

    def highest(self) -> tuple[int, int]:
        """Return the highest id (0 where there are none), and the count."""
        page = self._one({"propertyName": "hs_object_id", "direction": "DESCENDING"})
        return max((int(found.id) for found in page.results), default=0), page.total

    def window(self, floor: datetime, end: datetime | None) -> Iterator[Found]:
        """Yield the ids of records last modified from `floor` to `end`, in order of id.

        Without an end, the first answer's time is the end: what changes while pages are read
        belongs to the next window. There is no limit to the records, even of one stamp.

        Raises:
            UnreadableAnswerError: the search counts records and shows none, or turns in circles.
        """
        floor, last = whole_milliseconds(floor), 0
        while True:
            page = insist(partial(self._page, floor, end, last), self.client.pause)
            end = end or self.client.latest_time() + REST_OF_SECOND
            yield Found([int(r.id) for r in page.results if self._stamp(r) <= end], page.total)
            if page.total <= len(page.results):
                return
            last = max(int(found.id) for found in page.results)

    def _page(self, floor: datetime, end: datetime | None, last: int) -> SearchPage:
        path = self.client.paths.search(self.known.name)
        page = self.client.post(path, self._question(floor, end, last), SearchPage)
        fault = ""
        if page.total and not page.results:
            fault = f"a search found {page.total} {self.known.name} and gave none of them"
        elif any(int(found.id) <= last for found in page.results):
            fault = "a search gave what had been asked for before"
        elif any(self._stamp(found) < floor for found in page.results):
            fault = f"a search gave {self.known.name} of before the time asked for"
        elif end is None and self._shows_the_future(page):
            # Its time would end the window before what it shows.
            fault = f"a search gave {self.known.name} of after its own time"
        if fault:
            raise ContradictionError("hubspot", path, fault)
        return page

    def _shows_the_future(self, page: SearchPage) -> bool:
        now = self.client.latest_time() + CLOCKS_DIFFER
        return any(self._stamp(found) > now for found in page.results)

    def _question(self, floor: datetime, end: datetime | None, last: int) -> dict[str, object]:
        changed: dict[str, str] = {"propertyName": self.known.modified}
        if end is None:
            changed |= {"operator": "GTE", "value": str(to_epoch_ms(floor))}
        else:
            bounds = {"value": str(to_epoch_ms(floor)), "highValue": str(to_epoch_ms(end))}
            changed |= {"operator": "BETWEEN", **bounds}
        further = {"propertyName": "hs_object_id", "operator": "GT", "value": str(last)}
        return {
            "filterGroups": [{"filters": [changed, further]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": ["hs_object_id", self.known.modified],
            "limit": SEARCH_SIZE,
        }

    def _one(self, sort: Mapping[str, str], *names: str) -> SearchPage:
        path = self.client.paths.search(self.known.name)
        body = {
            "filterGroups": [],
            "sorts": [sort],
            "properties": list(names) or ["hs_object_id"],
            "limit": 1,
        }
        return insist(partial(self.client.post, path, body, SearchPage), self.client.pause)

    def _stamp(self, found: Record) -> datetime:
        return read_stamp(found.properties.get(self.known.modified), f"a {self.known.singular}")
