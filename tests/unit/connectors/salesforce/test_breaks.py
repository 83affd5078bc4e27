import re

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, TOKEN, page, queries
from tests.unit.connectors.salesforce.leads import (
    FORGOTTEN,
    LEADS,
    NEXT,
    STAMP,
    counted,
    is_count,
    lead,
    read,
)
from tests.unit.connectors.scripted import Answer, Asked, Script


def test_a_query_that_salesforce_forgot_goes_on_behind_the_last_record(
    org: Script, client: SalesforceClient
) -> None:
    first = page(lead("1", 1), lead("2", 1), total=3, following=NEXT)
    org.on("GET", QUERY, first, page(lead("3", 2)), counted(1))
    org.on("GET", NEXT, FORGOTTEN)
    assert read(client) == ["1", "2", "3"]
    behind = (
        "FROM Lead WHERE SystemModstamp <= 2026-11-22T10:00:00.000Z AND "
        "(SystemModstamp > 2026-11-22T09:01:00.000Z OR "
        "(SystemModstamp = 2026-11-22T09:01:00.000Z AND Id > '2'))"
    )
    assert queries(org)[1:] == [
        f"SELECT Id, SystemModstamp {behind} ORDER BY SystemModstamp, Id",
        f"SELECT COUNT(Id) {LEADS.counted} {behind}",
    ]


def test_a_record_that_changed_meanwhile_does_not_say_where_to_go_on(
    org: Script, client: SalesforceClient
) -> None:
    changed = {"Id": "2", STAMP: "2026-11-22T10:00:05.000+0000"}
    first = page(lead("1", 1), changed, total=3, following=NEXT)
    org.on("GET", QUERY, first, page(lead("3", 2)), counted(1))
    org.on("GET", NEXT, FORGOTTEN)
    assert read(client) == ["1", "2", "3"]
    assert "SystemModstamp > 2026-11-22T09:01:00.000Z OR" in queries(org)[1]


def test_a_late_commit_that_moved_a_record_costs_none_of_those_it_stood_before(
    org: Script, client: SalesforceClient
) -> None:
    """Record 2 stood at 09:01; its change was stamped at 09:55 and committed while pages came."""
    stored = [lead("1", 1), lead("3", 2), lead("4", 3), lead("2", 55)]

    def answer(asked: Asked) -> Answer:
        behind = re.search(r"> 2026-11-22T09:(\d\d)", asked.query["q"])
        if behind is None:
            return page(lead("1", 1), lead("2", 55), total=4, following=NEXT)
        found = [one for one in stored if str(one[STAMP])[14:16] > behind[1]]
        return counted(len(found)) if is_count(asked) else page(*found)

    org.on("GET", QUERY, answer)
    org.on("GET", NEXT, FORGOTTEN)
    assert read(client) == ["1", "2", "3", "4", "2"]


def test_what_changed_behind_a_break_is_not_missed(org: Script, client: SalesforceClient) -> None:
    """Of the five that were there at first, record 5 changes at the break and leaves the window."""
    first = page(lead("1", 1), lead("2", 1), total=5, following=NEXT)
    second = page(lead("3", 2), total=2, following=f"{DATA}/query/0r9-1")
    org.on("GET", QUERY, first, second, counted(2), page(lead("4", 3)), counted(1))
    org.on("GET", NEXT, FORGOTTEN)
    org.on("GET", f"{DATA}/query/0r9-1", FORGOTTEN)
    assert read(client) == ["1", "2", "3", "4"]
    assert len(org.asked) - len(org.asked_for(TOKEN)) == 7


@pytest.mark.parametrize(
    "answers",
    [
        (page(), counted(1)),
        (page(), page()),
        (page(lead("3", 2)), counted(2), page(lead("3", 2)), counted(2)),
    ],
    ids=["empty", "empty-and-uncounted", "short"],
)
def test_an_answer_behind_a_mark_is_believed_only_if_a_count_finds_no_more(
    org: Script, client: SalesforceClient, answers: tuple[Answer, ...]
) -> None:
    first = page(lead("1", 1), lead("2", 1), total=3, following=NEXT)
    org.on("GET", QUERY, first, *answers, page(lead("3", 2), lead("4", 2)), counted(2))
    org.on("GET", NEXT, FORGOTTEN)
    assert read(client) == ["1", "2", "3", "4"]
    assert all("Id > '2'" in query for query in queries(org)[1:])


def test_fewer_than_are_counted_again_and_again_are_an_error(
    org: Script, client: SalesforceClient
) -> None:
    first = page(lead("1", 1), lead("2", 1), total=3, following=NEXT)
    org.on("GET", QUERY, first, lambda asked: counted(1) if is_count(asked) else page())
    org.on("GET", NEXT, FORGOTTEN)
    with pytest.raises(UnreadableAnswerError, match="0 records were announced where 1 were count"):
        read(client)
    assert len(queries(org)) == 1 + 2 * ATTEMPTS


def test_where_addresses_tell_no_places_a_break_begins_anew_and_an_empty_answer_is_counted(
    org: Script, client: SalesforceClient
) -> None:
    opaque = f"{DATA}/query/opaque"
    org.on("GET", QUERY, page(lead("1", 1), total=2, following=opaque), page(), counted(2))
    org.on("GET", QUERY, page(lead("1", 1), lead("2", 1)), counted(2))
    org.on("GET", opaque, FORGOTTEN)
    assert read(client) == ["1", "1", "2"]
    assert not [query for query in queries(org) if "Id >" in query]


@pytest.mark.parametrize(
    "broken",
    [
        page(total=3, following=f"{DATA}/query/0r8-4"),
        page(lead("1", 1), lead("2", 1), total=3, following=NEXT),
        page(lead("3", 2), total=5, following=f"{DATA}/query/0r8-4"),
        page(total=3),
    ],
    ids=["empty", "repeated", "too-few-before-the-next", "too-few-at-the-end"],
)
def test_a_page_with_a_gap_is_asked_for_again_behind_what_is_certain(
    org: Script, client: SalesforceClient, broken: Answer
) -> None:
    first = page(lead("1", 1), lead("2", 1), total=3, following=NEXT)
    org.on("GET", QUERY, first, page(lead("3", 2)), counted(1))
    org.on("GET", NEXT, broken)
    assert read(client) == ["1", "2", "3"]
    assert "Id > '2'" in queries(org)[1]


def test_where_addresses_tell_no_places_a_gap_is_read_again_from_the_beginning(
    org: Script, client: SalesforceClient
) -> None:
    second = f"{DATA}/query/opaque"
    first = page(lead("1", 1), total=2, following=second)
    org.on("GET", QUERY, lambda asked: counted(2) if is_count(asked) else first)
    org.on("GET", second, page(total=2), page(lead("2", 2), total=2))
    assert read(client) == ["1", "1", "2"]
