"""Pages of an object's list, checked against what lists promise.

Lists are in order of id, and `after` is the id of the record that the next page begins with
(recorded answers). That it may be any id, one that no page has named, is an assumption: where it
does not hold, or `after` is no id, a list can only be followed page by page.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from connectors.errors import InvalidRequestError, RejectedRequestError
from connectors.hubspot.answers import next_after
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.failures import Failures
from connectors.hubspot.insisting import ContradictionError, insist
from connectors.hubspot.lookups import HISTORY_SIZE, LIST_SIZE, BatchReader, check_told
from connectors.hubspot.shapes import (
    Records,
    Shape,
    ShapedPage,
    ShapedRecord,
    build_shape,
    without_values,
)
from connectors.hubspot.streams.shape import ObjectStream

LONGEST_QUERY = 8_000
"""Bytes of a query that a list is asked with; HubSpot has refused between 8,000 and 16,000."""
TOO_LONG = frozenset({414, 431})


class NoIdsError(Exception):
    """The account's lists do not go by ids: they can't be divided."""


@dataclass(frozen=True)
class ListPage:
    """Records in the list's order, and what the next page begins with (None at the end)."""

    path: str
    records: Records
    after: str | None

    @cached_property
    def ids(self) -> list[int]:
        """The ids of the records.

        Raises:
            NoIdsError: they are no numbers, or in another order.
        """
        ids = [int(r.id) if r.id.isdecimal() else -1 for r in self.records]
        if any(one >= other for one, other in zip((-1, *ids), ids, strict=False)):
            raise NoIdsError
        return ids

    @cached_property
    def following(self) -> int | None:
        """The id that the next page begins with.

        Raises:
            NoIdsError: it is no id behind those of this page.
        """
        if self.after is None:
            return None
        if not self.after.isdecimal() or int(self.after) <= max(self.ids, default=-1):
            raise NoIdsError
        return int(self.after)

    def below(self, end: int | None) -> "ListPage":
        """Return the page without the records from an id on."""
        if end is None or not self.ids or self.ids[-1] < end:
            return self
        return replace(self, records=self._up_to(end))

    def _up_to(self, end: int) -> Records:
        return self.records[: bisect_left(self.ids, end)]


@dataclass
class PageReader:
    """Reads pages of one object's list: its living records, or those in the recycle bin.

    Where the names of the properties make the address too long, a list gives the ids alone and
    the values come by batch read, whose names are in its body.
    """

    client: HubSpotClient
    known: ObjectStream
    shape: Shape
    histories: tuple[str, ...] = ()
    archived: bool = False
    failures: Failures = field(default_factory=Failures)
    """Gets the records that a list names and whose values HubSpot fails at."""
    is_wide: bool = False

    def __post_init__(self) -> None:
        """Measure the address."""
        self.is_wide = len(urlencode(self._everything())) > LONGEST_QUERY

    @property
    def path(self) -> str:
        """The list's path."""
        return self.client.paths.objects(self.known.name)

    @property
    def size(self) -> int:
        """How many records a page has."""
        return HISTORY_SIZE if self.histories and not self.is_wide else LIST_SIZE

    def read(self, after: str | None) -> ListPage:
        """Return the page that begins with `after`, or the first one.

        Raises:
            ContradictionError: it is empty though more follows, or the next one begins with it.
        """
        return insist(partial(self._read, after), self.client.pause)

    def read_from(self, start: int, is_promised: bool) -> ListPage:
        """Return the page of the records from an id on.

        Args:
            start: The id.
            is_promised: Whether another page has said that there is a record of this id.

        Raises:
            ContradictionError: as `read`; or the page begins before the id, or behind it though
                the record that was promised is there.
            NoIdsError: the list does not go by ids, or begins at those only that a page has named.
        """
        try:
            return insist(partial(self._read_from, start, is_promised), self.client.pause)
        except (ContradictionError, InvalidRequestError) as refusal:
            if is_promised:
                raise
            raise NoIdsError from refusal

    def lives(self, record_id: int) -> bool:
        """Tell whether a record is there, by another road than lists, and should be on a page.

        One whose values HubSpot fails at is on no page.
        """
        if str(record_id) in self.failures.ids:
            return False
        narrow = build_shape([self.known.modified])
        reader = BatchReader(self.client, self.known, narrow, archived=self.archived)
        found = reader.read([str(record_id)])
        return any(record.id == str(record_id) for record in found)

    def _read_from(self, start: int, is_promised: bool) -> ListPage:
        page = self._read(str(start))
        ids, fault = page.ids, ""
        if ids and ids[0] < start:
            fault = f"a page begins before the record {start} that was asked for"
        elif is_promised and ids[:1] != [start] and self.lives(start):
            fault = f"a page lacks the record {start}, which is there"
        if fault:
            raise ContradictionError("hubspot", self.path, fault)
        return page

    def _read(self, after: str | None) -> ListPage:
        further = {} if after is None else {"after": after}
        answer = self._ask(further)
        following = next_after(answer.paging)
        if self.archived and following is None and _ids(self._ask(further)) != _ids(answer):
            # No count tells where the bin ends.
            what = "two answers differ in what the recycle bin ends with"
            raise ContradictionError("hubspot", self.path, what)
        if following is not None and (not answer.results or following == after):
            what = "a page says that more follows, and leads nowhere"
            raise ContradictionError("hubspot", self.path, what)
        page = ListPage(self.path, answer.results, following)
        return self._filled(page) if self.is_wide else page

    def _ask(self, further: Mapping[str, str]) -> ShapedPage[Any]:
        if not self.is_wide:
            try:
                asked = {**self._everything(), **further}
                answer = self.client.get(self.path, asked, self.shape.page)
                check_told(self.path, self.shape, answer.results)
                return answer
            except RejectedRequestError as refusal:
                if refusal.status not in TOO_LONG:
                    raise
                self.is_wide = True
        asked = {"limit": LIST_SIZE, **self._bin(), **further}
        return self.client.get(self.path, asked, self.shape.page)

    def _filled(self, page: ListPage) -> ListPage:
        """Return a page of ids with the values; what is gone by now is left out.

        So is the survivor of a merge that was asked for by its old id: it has a place of its own.
        Of one in the recycle bin that HubSpot fails at, the page itself tells what matters.
        """
        reader = BatchReader(
            self.client,
            self.known,
            self.shape,
            self.histories,
            self.archived,
            failures=self.failures,
        )
        wanted = [record.id for record in page.records]
        found: dict[str, ShapedRecord[Any]] = {}
        for at in range(0, len(wanted), reader.size):
            records = reader.read(wanted[at : at + reader.size])
            found |= {record.id: record for record in records}
        if self.archived:
            lost = self.failures.ids
            bare = (without_values(record) for record in page.records if record.id in lost)
            found = {record.id: record for record in bare} | found
        return replace(page, records=[found[one] for one in wanted if one in found])

    def _everything(self) -> dict[str, str | int]:
        asked: dict[str, str | int] = {
            "properties": ",".join(self.shape.names),
            "limit": HISTORY_SIZE if self.histories else LIST_SIZE,
            **self._bin(),
        }
        if self.histories:
            asked["propertiesWithHistory"] = ",".join(self.histories)
        return asked

    def _bin(self) -> dict[str, str]:
        return {"archived": "true"} if self.archived else {}


def _ids(page: ShapedPage[Any]) -> list[str]:
    return [record.id for record in page.results]
