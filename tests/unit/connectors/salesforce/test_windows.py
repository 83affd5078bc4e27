import re
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import InvalidRequestError, UnreadableAnswerError
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.course import Course, settled_before
from connectors.salesforce.pages import QueryPage
from connectors.salesforce.soql import Query
from connectors.salesforce.windows import Window, WindowReader
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, page, queries, refusal
from tests.unit.connectors.scripted import Answer, Asked, Script

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
"""When the script's server answers."""
STAMP = "SystemModstamp"
LEADS = Query("Lead", ("Id", STAMP))
TIMEOUT = refusal(400, "QUERY_TIMEOUT")
NEXT = f"{DATA}/query/0r8-2"


def lead(record_id: str, minute: int) -> dict[str, object]:
    return {"Id": record_id, STAMP: f"2026-11-22T09:{minute:02}:00.000+0000"}


def read(client: SalesforceClient, window: Window = Window()) -> list[str]:  # noqa: B008 - frozen
    reader = WindowReader(client, LEADS, STAMP, window)
    return [str(record["Id"]) for records in reader.read() for record in records]


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
    org.on("GET", QUERY, page(stranger), page(*own))
    reader = WindowReader(client, LEADS, STAMP, Window())
    assert list(reader.read()) == [own]


def test_a_query_that_salesforce_forgot_goes_on_behind_the_last_record(
    org: Script, client: SalesforceClient
) -> None:
    org.on(
        "GET", QUERY, page(lead("1", 1), lead("2", 1), total=3, following=NEXT), page(lead("3", 2))
    )
    org.on("GET", NEXT, refusal(400, "INVALID_QUERY_LOCATOR"))
    assert read(client) == ["1", "2", "3"]
    assert queries(org)[1] == (
        "SELECT Id, SystemModstamp FROM Lead WHERE SystemModstamp <= 2026-11-22T10:00:00.000Z AND "
        "(SystemModstamp > 2026-11-22T09:01:00.000Z OR "
        "(SystemModstamp = 2026-11-22T09:01:00.000Z AND Id > '2')) ORDER BY SystemModstamp, Id"
    )


def test_a_record_that_changed_meanwhile_does_not_say_where_to_go_on(
    org: Script, client: SalesforceClient
) -> None:
    changed = {"Id": "2", STAMP: "2026-11-22T10:00:05.000+0000"}
    org.on("GET", QUERY, page(lead("1", 1), changed, total=3, following=NEXT), page(lead("3", 2)))
    org.on("GET", NEXT, refusal(400, "INVALID_QUERY_LOCATOR"))
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
        return page(*(one for one in stored if str(one[STAMP])[14:16] > behind[1]))

    org.on("GET", QUERY, answer)
    org.on("GET", NEXT, refusal(400, "INVALID_QUERY_LOCATOR"))
    assert read(client) == ["1", "2", "3", "4", "2"]


def test_an_empty_answer_behind_a_mark_is_not_believed(
    org: Script, client: SalesforceClient
) -> None:
    first = page(lead("1", 1), lead("2", 1), total=3, following=NEXT)
    org.on("GET", QUERY, first, page(), page(lead("1", 1), lead("2", 1), lead("3", 2)))
    org.on("GET", NEXT, refusal(400, "INVALID_QUERY_LOCATOR"))
    assert read(client) == ["1", "2", "1", "2", "3"]
    assert "Id >" not in queries(org)[2]


def test_ids_are_held_of_late_changes_alone() -> None:
    course = Course("Lead", 9, STAMP, settled_before(TEN))
    stamped = [lead("1", 1), lead("2", 1), lead("3", 40), lead("4", 55)]
    course.take(QueryPage(9, done=False, records=stamped, next_records_url="0r8-4"))
    assert (course.settled, course.moving) == (3, {"4"})
    again = [lead("3", 40), lead("4", 55), lead("5", 41), lead("1", 1)]
    [fresh] = course.take(QueryPage(9, done=False, records=again, next_records_url="0r8-5"))
    assert (fresh, course.mark) == (lead("5", 41), (NINE + timedelta(minutes=41), "5"))


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
    org.on(
        "GET", QUERY, page(lead("1", 1), lead("2", 1), total=3, following=NEXT), page(lead("3", 2))
    )
    org.on("GET", NEXT, broken)
    assert read(client) == ["1", "2", "3"]
    assert "Id > '2'" in queries(org)[1]


def test_where_addresses_tell_no_places_a_gap_is_read_again_from_the_beginning(
    org: Script, client: SalesforceClient
) -> None:
    second = f"{DATA}/query/opaque"
    org.on("GET", QUERY, page(lead("1", 1), total=2, following=second))
    org.on("GET", second, page(total=2), page(lead("2", 2), total=2))
    assert read(client) == ["1", "1", "2"]


def test_pages_that_never_come_whole_are_an_error(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, page(lead("1", 1), total=2))
    with pytest.raises(UnreadableAnswerError, match="1 records came where 2 were announced"):
        read(client)
    assert len(queries(org)) == ATTEMPTS


def test_pages_that_turn_in_circles_are_an_error(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, page(lead("1", 1), lead("2", 1), total=9, following=NEXT))
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
