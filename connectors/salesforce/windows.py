"""A window of records over REST: each record at least once, oldest first, and nothing missing.

A page counts only if it holds as many records as its successor's place and the query's total say.
Where one does not, where Salesforce has forgotten a query (INVALID_QUERY_LOCATOR) or gives the
same page again, the reading goes on by a new query behind the last record that is certain; where
a query takes Salesforce too long (QUERY_TIMEOUT), or is about too many other records
(OPERATION_TOO_LARGE), its window is halved.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.errors import RejectedRequestError, UnreadableAnswerError
from connectors.records import STAMP_STEP
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.pages import Answered
from connectors.salesforce.soql import Query, behind, since, until
from connectors.salesforce.tables import ID
from connectors.values import parse

Records = list[dict[str, Any]]
TIMED_OUT, TOO_LARGE, FORGOTTEN = "QUERY_TIMEOUT", "OPERATION_TOO_LARGE", "INVALID_QUERY_LOCATOR"
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


class _GapError(Exception):
    """What came can't be all that there is up to its place."""

    def __init__(self, what: str, is_certain: bool) -> None:
        super().__init__(what)
        self.is_certain = is_certain
        """Whether everything up to the page before has come."""


@dataclass
class _Course:
    """How far a query has come."""

    object_name: str
    announced: int
    seen: set[str] = field(default_factory=set)
    is_certain: bool = True
    """Whether each page has told its successor's place, and so how many had come."""


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
        self._mark: tuple[datetime, str] | None = None
        self._latest: Records = []

    def read(self) -> Iterator[Records]:
        """Yield pages of records, none of them empty.

        Raises:
            UnreadableAnswerError: pages with gaps, again and again.
            RejectedRequestError: the query is too much for even a second's records.
        """
        fruitless = 0
        while self._windows:
            before = self._mark
            try:
                yield from self._follow(self._next_query())
            except (_GapError, RejectedRequestError) as fault:
                self._note_mark(fault)
                fruitless = 0 if self._mark != before else fruitless + 1
                self._adapt(fault, fruitless)
            else:
                self._windows.pop()
                self._mark = None

    def _next_query(self) -> Query:
        query = self._query.where(*self._windows[-1].conditions(self._stamp))
        if self._mark is not None:
            query = query.where(behind(self._stamp, *self._mark))
        return Query(query.object_name, query.fields, query.conditions, (self._stamp, ID))

    def _follow(self, query: Query) -> Iterator[Records]:
        self._latest = []
        answered = self._client.query(str(query))
        self.answered_at = self.answered_at or answered.at
        self.announced = self.announced or answered.page.total_size
        course = _Course(query.object_name, answered.page.total_size)
        while True:
            fresh = _take(course, answered)
            if fresh:
                self._latest = fresh
                yield fresh
            if answered.page.done:
                return
            answered = self._client.next_page(str(answered.page.next_records_url))

    def _adapt(self, fault: _GapError | RejectedRequestError, fruitless: int) -> None:
        """Change what is asked for next, so that it may be answered.

        Raises:
            UnreadableAnswerError, RejectedRequestError: nothing has helped.
        """
        if isinstance(fault, _GapError):
            if fruitless >= ATTEMPTS:
                raise UnreadableAnswerError("salesforce", "queryAll", str(fault)) from None
        elif fault.code in TOO_MUCH:
            return self._halve(fault)
        elif fault.code != FORGOTTEN or fruitless >= ATTEMPTS:
            raise fault
        if fruitless > 1:
            self._client.pause(2.0**fruitless)
        self._close()
        return None

    def _close(self) -> None:
        """Let the window end where the first answer saw it end: what changes now comes later."""
        window = self._windows.pop()
        self._windows.append(Window(window.floor, window.end or self.answered_at))

    def _halve(self, fault: RejectedRequestError) -> None:
        window = self._windows.pop()
        if window.floor is None and self._mark is None and not self._halves_all:
            raise fault
        floor = self._mark[0] if self._mark else window.floor or _BEGINNING
        self.answered_at = self.answered_at or self._client.now()
        end = window.end or self.answered_at
        halves = Window(floor, end).halves()
        if halves is None:
            raise fault
        self._windows += reversed(halves)

    def _note_mark(self, fault: Exception) -> None:
        """Note the last record that came in its place.

        A page shows records as they are now: one that has changed since the query began bears a
        later stamp than its place in the order.
        """
        if isinstance(fault, _GapError) and not fault.is_certain:
            self._mark = None
            return
        asked_at = self.answered_at or datetime.max.replace(tzinfo=UTC)
        unchanged = asked_at - STAMP_STEP
        marks = [mark for record in self._latest if (mark := self._mark_of(record))]
        settled = [mark for mark in marks if mark[0] < unchanged]
        if settled:
            self._mark = max(settled)

    def _mark_of(self, record: dict[str, Any]) -> tuple[datetime, str] | None:
        moment = parse("datetime", record.get(self._stamp))
        return (moment, str(record[ID])) if isinstance(moment, datetime) else None


def _is_of_another(object_name: str, record: dict[str, Any]) -> bool:
    told = (record.get("attributes") or {}).get("type") or object_name
    return str(told).casefold() != object_name.casefold()


def _take(course: _Course, answered: Answered) -> Records:
    """Return the page's records that have not come yet.

    Raises:
        _GapError: some that should have come by now have not, or another object's came.
    """
    page = answered.page
    if any(_is_of_another(course.object_name, record) for record in page.records):
        what = "a page of another object came"
        raise _GapError(what, course.is_certain)
    fresh = [record for record in page.records if record.get(ID) not in course.seen]
    course.seen.update(str(record.get(ID)) for record in fresh)
    came = len(course.seen)
    if page.done and came < course.announced:
        what = f"{came} records came where {course.announced} were announced"
        raise _GapError(what, course.is_certain)
    if not page.done and (not fresh or page.place not in {came, None}):
        what = "a page came that leaves a gap, or that had come before"
        raise _GapError(what, course.is_certain)
    course.is_certain &= page.place is not None or page.done
    return fresh
