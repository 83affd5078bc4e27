"""The result of a query job: its pages, read side by side and given out in order, each row once.

Source: Bulk API 2.0 Developer Guide, "Get Parallel Results for a Query Job" (v58.0 and later) and
"Get Results for a Query Job". Results stay as they are while their job exists, so a page that
broke off is read again and goes on behind the rows that it has given.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, tee

import msgspec
import pyarrow as pa

from connectors.errors import NotFoundError, UnavailableError, UnreadableAnswerError
from connectors.salesforce.cells import parse_rows, whole_rows
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.jobs import JOBS, JobLostError
from connectors.salesforce.tables import ID
from connectors.side_by_side import read_side_by_side

_READERS, _ROOM = 3, 2
"""Pages that are fetched at once, and pieces of each that wait: some 10 MB in all."""


class _Page(msgspec.Struct, rename="camel"):
    result_url: str


class _Pages(msgspec.Struct, rename="camel"):
    result_pages: list[_Page]
    next_records_url: str | None = None
    next_record_url: str | None = None
    """The same: the guide's table has this name, its example the other."""
    done: bool = True

    @property
    def following(self) -> str | None:
        """Where more pages are told of."""
        return self.next_records_url or self.next_record_url


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


@dataclass(frozen=True)
class _PageEnd:
    rows: int | None
    """How many the page promised; None where it did not say."""
    locator: str
    """Leads to the next page; empty behind the last."""


class ResultReader:
    """Reads the result of one job."""

    def __init__(self, client: SalesforceClient, job_id: str, names: Sequence[str]) -> None:
        self._client = client
        self._root = f"{JOBS}/{job_id}"
        self._names = names
        self._next = ""
        self._firsts: dict[str, str] = {}
        """By id of its first row: the page that begins with it."""

    def read(self, start: Spot, promised: int) -> Iterator[Piece]:
        """Yield what follows a place.

        Raises:
            JobLostError: the pages are not those of the whole result.
            UnreadableAnswerError: a page came broken again and again.
        """
        spot = start
        for address, rows in self._rows_from(start):
            if (address.listing, address.page) != (spot.listing, spot.page):
                spot = Spot(address.listing, address.page, 0, spot.rows)
            spot = Spot(spot.listing, spot.page, spot.given + rows.num_rows, spot.before)
            yield Piece(rows, spot)
        if spot.rows != promised:
            raise JobLostError(f"{spot.rows} rows came where the job had {promised}")

    def _rows_from(self, start: Spot) -> Iterator[tuple[_Address, pa.RecordBatch]]:
        if _is_chain(start.listing):
            return self._chain(start)
        addresses = self._addresses(start)
        try:
            first = next(addresses, None)
        except NotFoundError:
            return self._chain(start)
        return self._side_by_side(chain([first] if first else [], addresses), start.given)

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
            listing = "" if found.done else str(found.following)
            skipped = 0

    def _list_pages(self, listing: str, seen: set[str]) -> _Pages:
        """Return a list of pages that has not come before."""
        for attempt in range(1, ATTEMPTS + 1):
            found = self._client.ask(listing, _Pages)
            came_before = any(page.result_url in seen for page in found.result_pages)
            if not came_before and (found.done or found.following):
                return found
            self._client.pause(2.0**attempt)
        raise self._unreadable("the list of its pages leads nowhere")

    def _side_by_side(
        self, addresses: Iterator[_Address], given: int
    ) -> Iterator[tuple[_Address, pa.RecordBatch]]:
        """Fetch pages ahead; they are parsed here, in one thread.

        Arrow gives memory back to the thread that took it: parsed by four, 100,000 leads held
        100 MB more (2026-11-22).
        """
        ahead, coming = tee(addresses)
        sources = (partial(self._fetch, one) for one in coming)
        # Else, after an error here, pages would be asked for until memory is tidied up.
        with closing(read_side_by_side(sources, _READERS, _ROOM)) as lanes:
            for address, parts in zip(ahead, lanes, strict=True):
                for rows in self._page(address, given, parts):
                    yield address, rows
                given = 0

    def _chain(self, start: Spot) -> Iterator[tuple[_Address, pa.RecordBatch]]:
        """Read page after page, as API versions before v58.0 have it."""
        url, given = start.listing or f"{self._root}/results", start.given
        while url:
            address = _Address(url, 0, url)
            for rows in self._page(address, given, self._fetch(address)):
                yield address, rows
            url = f"{self._root}/results?locator={self._next}" if self._next else ""
            given = 0

    def _page(
        self, address: _Address, given: int, parts: Iterator[bytes | _PageEnd]
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a page behind the first `given`, whatever it takes to get them."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                for rows in self._parse(address, given, parts):
                    given += rows.num_rows
                    yield rows
            except (UnreadableAnswerError, UnavailableError):
                if attempt == ATTEMPTS:
                    raise
                self._client.pause(2.0**attempt)
                parts = self._fetch(address)
            else:
                return

    def _fetch(self, address: _Address) -> Iterator[bytes | _PageEnd]:
        """Yield a page in pieces of whole rows, then what its headers promise."""
        with self._client.open(address.url) as body:
            yield from whole_rows(body)
            promised = body.headers.get("Sforce-NumberOfRecords", "")
            locator = body.headers.get("Sforce-Locator", "null")
        rows = int(promised) if promised.isdigit() else None
        yield _PageEnd(rows, "" if locator == "null" else locator)

    def _parse(
        self, address: _Address, given: int, parts: Iterator[bytes | _PageEnd]
    ) -> Iterator[pa.RecordBatch]:
        read, ends = 0, list[_PageEnd]()
        for rows in parse_rows(_until_end(parts, ends), self._names):
            if not read:
                self._check_first(rows, address.url)
            read += rows.num_rows
            if read > given:
                yield rows.slice(max(0, given - read + rows.num_rows))
        [end] = ends
        if end.rows not in {read, None}:
            raise self._unreadable(f"{read} rows came where the page promised {end.rows}")
        self._next = end.locator

    def _check_first(self, rows: pa.RecordBatch, url: str) -> None:
        """Look whether the same page came twice; nobody knows which one it is.

        Raises:
            JobLostError: it did.
        """
        first = str(rows.column(ID)[0])
        if self._firsts.setdefault(first, url) != url:
            raise JobLostError("one page came for two")

    def _unreadable(self, what: str) -> UnreadableAnswerError:
        return UnreadableAnswerError("salesforce", f"{self._root}/results", what)


def _until_end(parts: Iterator[bytes | _PageEnd], ends: list[_PageEnd]) -> Iterator[bytes]:
    """Yield a page's pieces, and note its end."""
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            ends.append(part)


def _is_chain(listing: str) -> bool:
    return "/results" in listing and "/resultPages" not in listing
