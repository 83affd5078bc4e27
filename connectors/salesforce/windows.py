"""A window of records over REST: each record at least once, oldest first, and nothing missing.

A page counts only if it holds as many records as its successor's place and the query's total say.
Where one does not, where Salesforce has forgotten a query (INVALID_QUERY_LOCATOR) or gives the same
page again, the reading goes on by a new query behind the last record that is certain, or from the
window's beginning where none is. Its total is believed only if a count made at once finds no more:
the total of the first query, asked before some records changed and left the window, says nothing of
it. Where a query takes Salesforce too long (QUERY_TIMEOUT), or is about too many other records
(OPERATION_TOO_LARGE), its window is halved; where only a count of it does, it is asked once more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.errors import RejectedRequestError, UnreadableAnswerError
from connectors.records import STAMP_STEP
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.course import Course, GapError, Mark, Records, settled_before
from connectors.salesforce.queries import FORGOTTEN, count_records, read_pages
from connectors.salesforce.soql import Query, behind, since, until
from connectors.salesforce.tables import ID

TIMED_OUT, TOO_LARGE = "QUERY_TIMEOUT", "OPERATION_TOO_LARGE"
TOO_MUCH = frozenset({TIMED_OUT, TOO_LARGE})
"""Refusals of a query that a shorter window gets past.

Tasks and events are TOO_LARGE for a user without View All Data where they belong to more than
100,000 people and things, whose sharing would have to be looked up.
"""
_BEGINNING = datetime(1999, 3, 1, tzinfo=UTC)
"""Nothing in Salesforce is older than Salesforce."""


@dataclass(frozen=True)
class Window:
    """Stamps from one to another, both included (UTC). None: without an end on that side."""

    floor: datetime | None = None
    end: datetime | None = None

    def conditions(self, stamp: str) -> tuple[str, ...]:
        """Return what holds of the records in it."""
        low = (since(stamp, self.floor),) if self.floor else ()
        return (*low, until(stamp, self.end)) if self.end else low

    def halves(self) -> "tuple[Window, Window] | None":
        """Return the earlier and the later half; None where it is too short to have any."""
        if self.floor is None or self.end is None or self.end - self.floor < 2 * STAMP_STEP:
            return None
        middle = self.floor + (self.end - self.floor) / 2
        middle = middle.replace(microsecond=0)
        return Window(self.floor, middle), Window(middle + STAMP_STEP, self.end)


class WindowReader:
    """Reads one window of one object."""

    def __init__(
        self,
        client: SalesforceClient,
        query: Query,
        stamp: str,
        window: Window,
        *,
        halves_all: bool = True,
    ) -> None:
        """Prepare.

        Args:
            client: Of the org.
            query: Its conditions hold beside those of the window.
            stamp: The field that the window is of.
            window: What to read.
            halves_all: Whether a window that begins with Salesforce itself is halved, too.
        """
        self.announced = 0
        """Records that the first answer said there are."""
        self.answered_at: datetime | None = None
        """Salesforce's time when it was first asked: what is stamped later is not looked for."""
        self._client = client
        self._query = query
        self._stamp = stamp
        self._windows = [window]
        self._halves_all = halves_all
        self._mark: Mark | None = None
        """The last record before which nothing is missing."""
        self._furthest: Mark | None = None
        self._fruitless = 0
        self._was_answered = False
        """Whether a query of the window at hand has been answered, be it by a page with a gap."""

    def read(self) -> Iterator[Records]:
        """Yield pages of records, none of them empty.

        Raises:
            UnreadableAnswerError: pages with gaps, again and again.
            RejectedRequestError: the query is too much for even a second's records.
        """
        while self._windows:
            try:
                yield from self._follow(self._next_query())
            except (GapError, RejectedRequestError) as fault:
                self._adapt(fault)
            else:
                self._windows.pop()
                self._begin()

    def _begin(self) -> None:
        """Note that nothing of the window at hand has come yet."""
        self._mark, self._furthest, self._fruitless, self._was_answered = None, None, 0, False

    def _next_query(self) -> Query:
        query = self._query.where(*self._windows[-1].conditions(self._stamp))
        if self._mark is not None:
            query = query.where(behind(self._stamp, *self._mark))
        return Query(query.object_name, query.fields, query.conditions, (self._stamp, ID))

    def _follow(self, query: Query) -> Iterator[Records]:
        answered = self._client.query(str(query))
        self.answered_at = self.answered_at or answered.at
        total = answered.page.total_size
        self.announced = self.announced or total
        if self._was_answered:
            self._check_total(query, total)
        self._was_answered = True
        course = Course(query.object_name, total, self._stamp, settled_before(self.answered_at))
        try:
            yield from read_pages(self._client, answered, course)
        finally:
            if course.is_certain:
                self._mark = course.mark or self._mark

    def _check_total(self, query: Query, total: int) -> None:
        """Look whether a query of a closed window has found all that are in it.

        Records only leave such a window, but for a commit later than its stamp, which the next try
        finds, too. So a count made after the query finds no more than it did.

        Raises:
            GapError: it does, or has not come.
        """
        try:
            counted = self._count(query, total)
        except UnreadableAnswerError as fault:
            raise GapError(fault.what) from fault
        if total < counted:
            raise GapError(f"{total} records were announced where {counted} were counted")

    def _count(self, query: Query, total: int) -> int:
        """Return how many records a query that was answered just now finds.

        Counting them may take Salesforce too long though finding them did not. The query's own
        first page, asked for again, tells as much, where there are records to tell whose it is.

        Raises:
            RejectedRequestError: nothing that Salesforce answers in time can tell.
            GapError, UnreadableAnswerError: the number has not come.
        """
        try:
            return count_records(self._client, replace(query, fields=(), order=()))
        except RejectedRequestError as refusal:
            if refusal.code not in TOO_MUCH or not total:
                raise
        again = self._client.query(str(query)).page
        Course(query.object_name, again.total_size).take(again)
        return again.total_size

    def _adapt(self, fault: GapError | RejectedRequestError) -> None:
        """Change what is asked for next, so that it may be answered.

        Raises:
            UnreadableAnswerError, RejectedRequestError: nothing has helped.
        """
        if isinstance(fault, RejectedRequestError) and fault.code in TOO_MUCH:
            return self._halve(fault)
        self._count_fruitless()
        is_over = self._fruitless >= ATTEMPTS
        if isinstance(fault, RejectedRequestError):
            if is_over or fault.code != FORGOTTEN:
                raise fault
        elif is_over:
            raise UnreadableAnswerError("salesforce", "queryAll", str(fault)) from None
        if self._fruitless > 1:
            self._client.pause(2.0**self._fruitless)
        self._close()
        return None

    def _count_fruitless(self) -> None:
        """Count how often the window has broken off without having come further than ever."""
        mark = self._mark
        if mark is not None and (self._furthest is None or mark > self._furthest):
            self._furthest, self._fruitless = mark, 0
        else:
            self._fruitless += 1

    def _close(self) -> None:
        """Let the window end where the first answer saw it end: what changes now comes later."""
        window = self._windows.pop()
        self._windows.append(Window(window.floor, window.end or self.answered_at))

    def _halve(self, fault: RejectedRequestError) -> None:
        window, mark = self._windows.pop(), self._mark
        if window.floor is None and mark is None and not self._halves_all:
            raise fault
        floor = mark[0] if mark else window.floor or _BEGINNING
        self.answered_at = self.answered_at or self._client.now()
        halves = Window(floor, window.end or self.answered_at).halves()
        if halves is None:
            raise fault
        self._windows += reversed(halves)
