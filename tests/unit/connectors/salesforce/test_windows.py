import re
from datetime import timedelta

import pytest

from connectors.errors import InvalidRequestError, UnreadableAnswerError
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.course import Course, settled_before
from connectors.salesforce.pages import QueryPage
from connectors.salesforce.windows import Window, WindowReader
from tests.unit.connectors.salesforce.conftest import QUERY, page, queries, refusal
from tests.unit.connectors.salesforce.leads import (
    LEADS,
    NEXT,
    NINE,
    STAMP,
    TEN,
    counted,
    is_count,
    lead,
    read,
)
from tests.unit.connectors.scripted import Answer, Asked, Script

TIMEOUT = refusal(400, "QUERY_TIMEOUT")


def test_pages_are_read_one_after_the_other(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, page(lead("1", 1), lead("2", 1), total=3, following=NEXT))
    org.on("GET", NEXT, page(lead("3", 2), total=3))
    assert read(client) == ["1", "2", "3"]
    assert queries(org) == ["SELECT Id, SystemModstamp FROM Lead ORDER BY SystemModstamp, Id"]


def test_a_page_of_another_object_is_asked_for_once_more(
    org: Script, client: SalesforceClient
) -> None:
    kinds = {"type": "Account"}, {"type": "LEAD"}, None
    stranger, *own = ({**lead(str(n), 1), "attributes": kind} for n, kind in enumerate(kinds))
    org.on("GET", QUERY, page(stranger), page(*own), counted(2))
    reader = WindowReader(client, LEADS, STAMP, Window())
    assert list(reader.read()) == [own]


def test_ids_are_held_of_late_changes_alone() -> None:
    course = Course("Lead", 9, STAMP, settled_before(TEN))
    stamped = [lead("1", 1), lead("2", 1), lead("3", 40), lead("4", 55)]
    course.take(QueryPage(9, done=False, records=stamped, next_records_url="0r8-4"))
    assert (course.settled, course.moving) == (3, {"4"})
    again = [lead("3", 40), lead("4", 55), lead("5", 41), lead("1", 1)]
    [fresh] = course.take(QueryPage(9, done=False, records=again, next_records_url="0r8-5"))
    assert (fresh, course.mark) == (lead("5", 41), (NINE + timedelta(minutes=41), "5"))


def test_pages_that_never_come_whole_are_an_error(org: Script, client: SalesforceClient) -> None:
    short = page(lead("1", 1), total=2)
    org.on("GET", QUERY, lambda asked: counted(2) if is_count(asked) else short)
    with pytest.raises(UnreadableAnswerError, match="1 records came where 2 were announced"):
        read(client)
    assert len(queries(org)) == 2 * ATTEMPTS - 1


def test_pages_that_turn_in_circles_are_an_error(org: Script, client: SalesforceClient) -> None:
    first = page(lead("1", 1), lead("2", 1), total=9, following=NEXT)
    org.on("GET", QUERY, lambda asked: counted(9) if is_count(asked) else first)
    org.on("GET", NEXT, page(lead("1", 1), lead("2", 1), total=9, following=NEXT))
    with pytest.raises(UnreadableAnswerError, match="had come before"):
        read(client)


@pytest.mark.parametrize("code", ["QUERY_TIMEOUT", "OPERATION_TOO_LARGE"])
def test_a_query_that_is_too_much_is_halved_until_it_is_not(
    org: Script, client: SalesforceClient, code: str
) -> None:
    def answer(asked: Asked) -> Answer:
        low, high = re.findall(r"[<>]= 2026-11-22T(\S+)Z", asked.query["q"])
        spans.append((low[:8], high[:8]))
        return (
            page()
            if high[:5] <= f"{int(low[:2]):02}:{int(low[3:5]) + 30:02}"
            else refusal(400, code)
        )

    spans: list[tuple[str, str]] = []
    org.on("GET", QUERY, answer)
    read(client, Window(NINE, NINE + timedelta(minutes=40)))
    assert spans == [("09:00:00", "09:40:00"), ("09:00:00", "09:20:00"), ("09:20:01", "09:40:00")]


def test_what_changes_while_a_window_is_halved_is_not_said_to_be_read(
    org: Script, client: SalesforceClient
) -> None:
    later = Answer(page().body, headers={"Date": "Sun, 22 Nov 2026 10:02:00 GMT"})
    org.on("GET", QUERY, TIMEOUT, later)
    reader = WindowReader(client, LEADS, STAMP, Window())
    assert list(reader.read()) == []
    assert reader.answered_at == TEN
    assert queries(org)[-1].count("<= 2026-11-22T10:00:00") == 1


def test_halvings_use_up_no_patience_for_gaps(org: Script, client: SalesforceClient) -> None:
    broken = [page(total=1)] * (ATTEMPTS - 1)

    def answer(asked: Asked) -> Answer:
        low, high = re.findall(r"[<>]= 2026-11-22T09:(\d\d)", asked.query["q"])
        if int(high) - int(low) > 3:
            return TIMEOUT
        if is_count(asked):
            return counted(1)
        return broken.pop() if broken else page(lead(low, int(low)))

    org.on("GET", QUERY, answer)
    assert len(read(client, Window(NINE, NINE + timedelta(minutes=40)))) == 16


def test_a_second_whose_records_take_too_long_is_an_error(
    org: Script, client: SalesforceClient
) -> None:
    org.on("GET", QUERY, TIMEOUT)
    with pytest.raises(InvalidRequestError, match="QUERY_TIMEOUT"):
        read(client, Window(NINE, TEN))
    assert len(queries(org)) == 12


@pytest.mark.parametrize("seconds", [2, 3, 5, 3_600, 86_401])
def test_halves_leave_no_second_out(seconds: int) -> None:
    window = Window(NINE, NINE + timedelta(seconds=seconds))
    halves = window.halves()
    assert halves is not None
    early, late = halves
    assert (early.floor, late.end) == (window.floor, window.end)
    assert late.floor is not None
    assert late.floor - timedelta(seconds=1) == early.end


def test_a_second_has_no_halves() -> None:
    assert Window(NINE, NINE + timedelta(seconds=1)).halves() is None
    assert Window(None, TEN).halves() is None
