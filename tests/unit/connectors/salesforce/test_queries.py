import pytest

from connectors.errors import UnreadableAnswerError
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.queries import count_records, read_small
from connectors.salesforce.soql import Query
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, page, refusal
from tests.unit.connectors.scripted import Answer, Script

LEADS = Query("Lead", ("Id",))
NEXT = f"{DATA}/query/0r8-2"


def some(*ids: str, total: int, following: str | None = None) -> Answer:
    return page(*({"Id": i} for i in ids), total=total, following=following)


def read(client: SalesforceClient) -> list[object]:
    return [record["Id"] for record in read_small(client, LEADS)]


def test_a_query_follows_its_pages(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, some("1", "2", total=3, following=NEXT))
    org.on("GET", NEXT, some("3", total=3))
    assert read(client) == ["1", "2", "3"]
    assert org.asked_for(QUERY)[0].query == {"q": "SELECT Id FROM Lead"}


@pytest.mark.parametrize(
    "broken",
    [
        some("1", "2", total=4),
        some("1", "2", total=4, following=NEXT),
        some("4", total=4),
        page({"Id": "3", "attributes": {"type": "Account"}}, {"Id": "4"}, total=4),
        refusal(400, "INVALID_QUERY_LOCATOR"),
    ],
    ids=["twice", "leads-to-itself", "too-few", "another-object", "forgotten"],
)
def test_a_small_query_whose_pages_come_broken_is_asked_again(
    org: Script, client: SalesforceClient, broken: Answer
) -> None:
    first = some("1", "2", total=4, following=NEXT)
    org.on("GET", QUERY, first, first, page({LEADS.counted: 4}, total=1))
    org.on("GET", NEXT, broken, some("3", "4", total=4))
    assert read(client) == ["1", "2", "3", "4"]
    assert len(org.asked_for(QUERY)) == 3


@pytest.mark.parametrize("again", [page({LEADS.counted: 2}, total=1), page()])
@pytest.mark.parametrize("short", [page(), some("1", total=1)])
def test_after_a_break_a_small_query_is_believed_as_far_as_a_count_bears_it_out(
    org: Script, client: SalesforceClient, short: Answer, again: Answer
) -> None:
    stranger = page({"Id": "3", "attributes": {"type": "Account"}})
    whole = some("1", "2", total=2), page({LEADS.counted: 2}, total=1)
    org.on("GET", QUERY, stranger, short, again, *whole)
    assert read(client) == ["1", "2"]
    assert len(org.asked_for(QUERY)) == 5


@pytest.mark.parametrize("places", ["0r8-2", "opaque"])
def test_a_page_that_leads_to_itself_for_ever_is_an_error(
    org: Script, client: SalesforceClient, places: str
) -> None:
    following = f"{DATA}/query/{places}"
    same = some("1", "2", total=9, following=following)
    org.on("GET", QUERY, same)
    org.on("GET", following, same)
    with pytest.raises(UnreadableAnswerError, match="had come before"):
        read(client)
    assert len(org.asked_for(QUERY)) == ATTEMPTS


@pytest.mark.parametrize(
    "answer", [page(total=0), page({Query("Account").counted: 0}, total=1), page(total=7)]
)
def test_a_count_is_believed_by_its_name_alone(
    org: Script, client: SalesforceClient, answer: Answer
) -> None:
    org.on("GET", QUERY, page({LEADS.counted: 7}, total=1), answer)
    assert count_records(client, Query("Lead")) == 7
    with pytest.raises(UnreadableAnswerError, match="without its number"):
        count_records(client, Query("Lead"))


def test_fewer_records_than_announced_are_an_error(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, some("1", total=2))
    with pytest.raises(UnreadableAnswerError, match="1 records came where 2"):
        read(client)


@pytest.mark.parametrize("body", ["<html>", '{"totalSize": 0', "[]", '{"totalSize": 0}'])
def test_no_unreadable_answer_passes_for_an_empty_page(
    org: Script, client: SalesforceClient, body: str
) -> None:
    org.on("GET", QUERY, Answer(body))
    with pytest.raises(UnreadableAnswerError):
        read(client)


def test_an_unfinished_query_needs_a_next_page(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, Answer({"totalSize": 1, "done": False, "records": []}))
    with pytest.raises(UnreadableAnswerError, match="no next page"):
        read(client)
