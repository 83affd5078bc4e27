"""A query that is asked for after a break is believed only as far as a count bears it out."""

import pytest

from connectors.salesforce.client import SalesforceClient
from tests.unit.connectors.salesforce.conftest import QUERY, page, queries, refusal
from tests.unit.connectors.salesforce.leads import (
    FORGOTTEN,
    NEXT,
    counted,
    is_count,
    lead,
    read,
)
from tests.unit.connectors.scripted import Answer, Script

TIMEOUT = refusal(400, "QUERY_TIMEOUT")
STRANGER = {"Id": "x", "attributes": {"type": "Contact"}}
FIRST = page(lead("1", 1), lead("2", 1), total=3, following=NEXT)


@pytest.mark.parametrize(
    "broken",
    [page(total=3), page(total=3, following=NEXT), page(STRANGER)],
    ids=["empty", "empty-with-more-to-come", "of-another-object"],
)
@pytest.mark.parametrize("short", [page(), page(lead("1", 1))], ids=["empty", "one-of-three"])
def test_a_break_before_the_first_record_is_counted_like_any_other(
    org: Script, client: SalesforceClient, broken: Answer, short: Answer
) -> None:
    answers = iter((broken, short, page(lead("1", 1), lead("2", 1), lead("3", 2))))
    org.on("GET", QUERY, lambda asked: counted(3) if is_count(asked) else next(answers))
    assert read(client) == ["1", "2", "3"]
    assert [query[:12] for query in queries(org)[1:]] == ["SELECT Id, S", "SELECT COUNT"] * 2


def test_a_time_out_between_two_pages_is_a_break_too(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, FIRST, page(), counted(1), page(lead("3", 2)), counted(1), page())
    org.on("GET", NEXT, TIMEOUT)
    assert read(client) == ["1", "2", "3"]


def test_where_a_count_is_too_much_its_query_is_asked_once_more_and_no_window_is_halved(
    org: Script, client: SalesforceClient
) -> None:
    org.on("GET", QUERY, FIRST, page(lead("3", 2)), TIMEOUT, page(lead("3", 2)))
    org.on("GET", NEXT, FORGOTTEN)
    assert read(client) == ["1", "2", "3"]
    _, asked, count, again = queries(org)
    assert (asked, "COUNT" in count) == (again, True)


@pytest.mark.parametrize(
    "again",
    [page(lead("3", 2), lead("4", 2)), page(STRANGER)],
    ids=["more", "of-another-object"],
)
def test_a_query_that_tells_something_else_the_second_time_is_not_believed(
    org: Script, client: SalesforceClient, again: Answer
) -> None:
    org.on("GET", QUERY, FIRST, page(lead("3", 2)), TIMEOUT, again)
    org.on("GET", QUERY, page(lead("3", 2), lead("4", 2)), counted(2))
    org.on("GET", NEXT, FORGOTTEN)
    assert read(client) == ["1", "2", "3", "4"]


def test_an_empty_answer_is_never_borne_out_by_another(
    org: Script, client: SalesforceClient
) -> None:
    """No record tells whose it is: the window is halved until it can be counted."""
    org.on("GET", QUERY, FIRST, page(), TIMEOUT)
    org.on("GET", QUERY, page(), counted(1), page(lead("3", 2)), counted(1), page())
    org.on("GET", NEXT, FORGOTTEN)
    assert read(client) == ["1", "2", "3"]
    assert "<= 2026-11-22T09:30:30" in queries(org)[3]
