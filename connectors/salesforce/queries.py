"""Answers to queries over REST: page by page, whole where they are small, and as a number."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from connectors.errors import RejectedRequestError, UnreadableAnswerError
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.course import Course, GapError, Records
from connectors.salesforce.pages import Answered
from connectors.salesforce.soql import Query
from connectors.values import parse_or_keep

FORGOTTEN = "INVALID_QUERY_LOCATOR"
"""Salesforce no longer knows the query that a page is of."""


def read_pages(client: SalesforceClient, answered: Answered, course: Course) -> Iterator[Records]:
    """Yield the records of a query's first page and of all others, none of them twice.

    Raises:
        GapError: as `Course.take`.
    """
    while True:
        if fresh := course.take(answered.page):
            yield fresh
        if answered.page.done:
            return
        answered = client.next_page(str(answered.page.next_records_url))


def read_small(client: SalesforceClient, query: Query) -> Records:
    """Return every record of a small query that asks for ids, too; a broken answer is asked again.

    What was asked for after a break is believed only if a count finds no more: the next may be as
    broken, and look whole.

    Raises:
        UnreadableAnswerError: fewer records came than Salesforce announced, or the same pages,
            again and again.
    """
    what = ""
    for attempt in range(1, ATTEMPTS + 1):
        if attempt > 1:
            client.pause(2.0**attempt)
        answered = client.query(str(query))
        course = Course(query.object_name, answered.page.total_size)
        try:
            found = [record for page in read_pages(client, answered, course) for record in page]
            if attempt > 1:
                _check_found(client, query, len(found))
            return found
        except GapError as gap:
            what = str(gap)
        except RejectedRequestError as refusal:
            if refusal.code != FORGOTTEN:
                raise
            what = refusal.code
    raise UnreadableAnswerError("salesforce", "queryAll", what)


def _check_found(client: SalesforceClient, query: Query, found: int) -> None:
    """See that a count finds no more records than came.

    Raises:
        GapError: it does, or has not come.
    """
    try:
        counted = count_records(client, replace(query, fields=(), order=()))
    except UnreadableAnswerError as fault:
        raise GapError(fault.what) from fault
    if found < counted:
        raise GapError(f"{found} records came where {counted} were counted")


def count_records(client: SalesforceClient, query: Query) -> int:
    """Return how many records a query without fields finds, deleted ones among them.

    Raises:
        UnreadableAnswerError: the number did not come, or another's.
    """
    return _count(client, query)[0]


def count_from(client: SalesforceClient, query: Query) -> tuple[int, datetime | None]:
    """Return how many records a query finds, and the least value of its field `earliest` (UTC).

    Raises:
        UnreadableAnswerError: as `count_records`, or the least value is no time stamp.
    """
    count, row = _count(client, query)
    least = parse_or_keep("datetime", row.get(query.least))
    if least is None or isinstance(least, datetime):
        return count, least
    what = "a count came with a time stamp that is none"
    raise UnreadableAnswerError("salesforce", "queryAll", what)


def _count(client: SalesforceClient, query: Query) -> tuple[int, Mapping[str, Any]]:
    answer = client.query(str(query)).page.records
    found = [row for row in answer if isinstance(row.get(query.counted), int)]
    if len(found) != 1:
        what = "a count came without its number"
        raise UnreadableAnswerError("salesforce", "queryAll", what)
    return found[0][query.counted], found[0]
