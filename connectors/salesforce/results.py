"""The result of a query job: its pages, read side by side and given out in order, each row once.

Source: Bulk API 2.0 Developer Guide, "Get Parallel Results for a Query Job" (v58.0 and later) and
"Get Results for a Query Job". Results stay as they are while their job exists, so a page that
broke off is read again and goes on behind the rows that it has given.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import pyarrow as pa

from connectors.errors import NotFoundError, UnavailableError, UnreadableAnswerError
from connectors.salesforce.cells import BLOCK, LONGEST_BLOCK, RowTooLongError, read_cells
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.jobs import JOBS
from connectors.salesforce.side_by_side import read_side_by_side

_READERS, _ROOM = 4, 2
"""Pages that are read at once, and blocks of each that wait: some 50 MB in all."""


class _Page(msgspec.Struct, rename="camel"):
    result_url: str


class _Pages(msgspec.Struct, rename="camel"):
    result_pages: list[_Page]
    next_records_url: str | None = None
    done: bool = True


@dataclass(frozen=True)
class Spot:
    """A place in a result, which a later reading can go on from."""

    listing: str = ""
    """The address that tells of the page: a list of pages, or the page itself."""
    page: int = 0
    """Which one of the list."""
    given: int = 0
    """Rows of the page that have been read."""
    before: int = 0
    """Rows of all pages before it."""

    @property
    def rows(self) -> int:
        """Rows of the result that have been read."""
        return self.before + self.given


@dataclass(frozen=True)
class Piece:
    """Some rows, and the place behind them."""

    rows: pa.RecordBatch
    spot: Spot


@dataclass(frozen=True)
class _Address:
    listing: str
    page: int
    url: str


class ResultReader:
    """Reads the result of one job."""

    def __init__(self, client: SalesforceClient, job_id: str, names: Sequence[str]) -> None:
        self._client = client
        self._root = f"{JOBS}/{job_id}"
        self._names = names
        self._firsts: dict[str, str] = {}
        """By id of its first row: the page that begins with it."""

    def read(self, start: Spot, promised: int) -> Iterator[Piece]:
        """Yield what follows a place.

        Raises:
            UnreadableAnswerError: what came is not what the job promised, again and again.
        """
        spot = start
        for address, rows in self._rows_from(start):
            if (address.listing, address.page) != (spot.listing, spot.page):
                spot = Spot(address.listing, address.page, 0, spot.rows)
            spot = Spot(spot.listing, spot.page, spot.given + rows.num_rows, spot.before)
            yield Piece(rows, spot)
        if spot.rows != promised:
            what = f"{spot.rows} rows came where the job had {promised}"
            raise UnreadableAnswerError("salesforce", self._root, what)

    def _rows_from(self, start: Spot) -> Iterator[tuple[_Address, pa.RecordBatch]]:
        if _is_chain(start.listing):
            return self._chain(start)
        addresses = self._addresses(start)
        try:
            first = next(addresses, None)
        except NotFoundError:
            return self._chain(start)
        return read_side_by_side(self._sources(first, addresses, start), _READERS, _ROOM)

    def _addresses(self, start: Spot) -> Iterator[_Address]:
        """Yield the pages from a place on, five for a call."""
        listing = start.listing or f"{self._root}/resultPages"
        seen: set[str] = set()
        skipped = start.page
        while listing:
            found = self._list_pages(listing, seen)
            urls = [page.result_url for page in found.result_pages]
            for number in range(skipped, len(urls)):
                yield _Address(listing, number, urls[number])
            seen.update(urls)
            listing = "" if found.done else str(found.next_records_url)
            skipped = 0

    def _list_pages(self, listing: str, seen: set[str]) -> _Pages:
        """Return a list of pages that has not come before."""
        for attempt in range(1, ATTEMPTS + 1):
            found = self._client.ask(listing, _Pages)
            came_before = any(page.result_url in seen for page in found.result_pages)
            if not came_before and (found.done or found.next_records_url):
                return found
            self._client.pause(2.0**attempt)
        raise self._unreadable("the list of its pages leads nowhere")

    def _sources(
        self, first: _Address | None, rest: Iterator[_Address], start: Spot
    ) -> Iterator[Callable[[], Iterator[tuple[_Address, pa.RecordBatch]]]]:
        if first is not None:
            yield partial(self._page, first, start.given)
        for address in rest:
            yield partial(self._page, address, 0)

    def _chain(self, start: Spot) -> Iterator[tuple[_Address, pa.RecordBatch]]:
        """Read page after page, as API versions before v58.0 have it."""
        url, given = start.listing or f"{self._root}/results", start.given
        while url:
            followed: list[str] = []
            yield from self._page(_Address(url, 0, url), given, followed.append)
            locator = followed[-1] if followed else ""
            url = f"{self._root}/results?locator={locator}" if locator else ""
            given = 0

    def _page(
        self, address: _Address, given: int, follow: Callable[[str], None] = lambda _locator: None
    ) -> Iterator[tuple[_Address, pa.RecordBatch]]:
        """Yield the rows of a page behind the first `given`, whatever it takes to get them."""
        block = BLOCK
        for attempt in range(1, ATTEMPTS + 1):
            try:
                for rows in self._attempt(address, given, block, follow):
                    given += rows.num_rows
                    yield address, rows
                return
            except RowTooLongError:
                if block >= LONGEST_BLOCK:
                    raise self._unreadable("a row is too long") from None
                block *= 4
            except (UnreadableAnswerError, UnavailableError):
                if attempt == ATTEMPTS:
                    raise
                self._client.pause(2.0**attempt)
        raise self._unreadable("a row is too long")

    def _attempt(
        self, address: _Address, given: int, block: int, follow: Callable[[str], None]
    ) -> Iterator[pa.RecordBatch]:
        read = 0
        with self._client.open(address.url) as body:
            for rows in read_cells(body, self._names, block):
                if not read:
                    self._check_first(rows, address.url)
                read += rows.num_rows
                if read > given:
                    yield rows.slice(max(0, given - read + rows.num_rows))
            headers = body.headers
        promised = headers.get("Sforce-NumberOfRecords", "")
        if promised.isdigit() and int(promised) != read:
            raise self._unreadable(f"{read} rows came where the page promised {promised}")
        locator = headers.get("Sforce-Locator", "null")
        follow("" if locator == "null" else locator)

    def _check_first(self, rows: pa.RecordBatch, url: str) -> None:
        """Look whether another page came than was asked for."""
        first = str(rows.column(0)[0])
        if self._firsts.setdefault(first, url) != url:
            raise self._unreadable("another page came than was asked for")

    def _unreadable(self, what: str) -> UnreadableAnswerError:
        return UnreadableAnswerError("salesforce", f"{self._root}/results", what)


def _is_chain(listing: str) -> bool:
    return "/results" in listing and "/resultPages" not in listing
