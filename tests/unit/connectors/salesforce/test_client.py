import base64
from datetime import UTC, datetime

import pytest

from connectors.errors import AuthError, ConfigError, QuotaExhaustedError, UnreadableAnswerError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.soql import Query
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, TOKEN, refusal
from tests.unit.connectors.salesforce.conftest import page as query_page
from tests.unit.connectors.scripted import Answer, Asked, Script


def page(*ids: str, total: int, following: str | None = None) -> Answer:
    return query_page(*({"Id": i} for i in ids), total=total, following=following)


def test_the_token_is_asked_for_once_by_client_credentials(
    org: Script, client: SalesforceClient
) -> None:
    client.now()
    client.now()
    [asked] = org.asked_for(TOKEN)
    basic = base64.b64encode(b"id:planted-secret-7f3a").decode()
    assert (asked.headers["Authorization"], asked.body) == (
        f"Basic {basic}",
        "grant_type=client_credentials",
    )


def test_an_expired_token_is_renewed_and_the_call_replayed_with_its_headers(
    org: Script, client: SalesforceClient
) -> None:
    org.on("POST", TOKEN, Answer({"access_token": "two"}))
    org.on("PATCH", f"{DATA}/x", refusal(401, "INVALID_SESSION_ID"), Answer([1]))
    assert client.call("x", "PATCH", {}, {"Sforce-Auto-Assign": "FALSE"}) == [1]
    sent = [
        (asked.headers["Authorization"], asked.headers["Sforce-Auto-Assign"])
        for asked in org.asked_for(f"{DATA}/x")
    ]
    assert sent == [("Bearer one", "FALSE"), ("Bearer two", "FALSE")]


def test_a_token_refused_twice_is_an_error(org: Script, client: SalesforceClient) -> None:
    org.on("GET", f"{DATA}/x", refusal(401, "INVALID_SESSION_ID"))
    with pytest.raises(AuthError, match="INVALID_SESSION_ID"):
        client.call("x", "GET")
    assert len(org.asked_for(f"{DATA}/x")) == 2


def test_a_wrong_secret_is_named_without_being_shown(script: Script) -> None:
    script.on("POST", TOKEN, Answer({"error": "invalid_client"}, status=400))
    client = SalesforceClient.connect(script.base_url, "id", "planted-secret-7f3a")
    with pytest.raises(AuthError, match=r"invalid_client.*check the credentials") as caught:
        client.now()
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("answer", [Answer("<html>"), Answer("<html>", status=404)])
def test_an_address_that_gives_no_tokens_is_a_wrong_setting(script: Script, answer: Answer) -> None:
    script.on("POST", TOKEN, answer)
    with pytest.raises(ConfigError, match="base_url"):
        SalesforceClient.connect(script.base_url, "id", "secret").now()


def test_an_empty_secret_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError):
        SalesforceClient.connect("http://127.0.0.1:9", "id", " ")


def test_the_clock_is_salesforces(client: SalesforceClient) -> None:
    assert client.now() == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_a_version_that_the_org_lacks_is_a_wrong_setting(script: Script) -> None:
    script.on("POST", TOKEN, Answer({"access_token": "one"}))
    script.on("GET", "/services/data/v99.0/limits/", refusal(404, "NOT_FOUND"))
    client = SalesforceClient.connect(script.base_url, "id", "secret", api_version="99.0")
    with pytest.raises(ConfigError, match=r"no API 99\.0"):
        client.now()


def test_a_query_follows_its_pages(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, page("1", "2", total=3, following=f"{DATA}/query/0r8-2"))
    org.on("GET", f"{DATA}/query/0r8-2", page("3", total=3))
    assert client.records("SELECT Id FROM Lead") == [{"Id": "1"}, {"Id": "2"}, {"Id": "3"}]
    assert org.asked_for(QUERY)[0].query == {"q": "SELECT Id FROM Lead"}


def test_a_page_is_of_the_time_when_it_was_asked_for_not_of_its_answer(org: Script) -> None:
    time = FakeTime()

    def slowly(_asked: Asked) -> Answer:
        time.sleep(30.9)
        return page("1", total=1)

    org.on("GET", QUERY, slowly)
    client = SalesforceClient.connect(org.base_url, "id", "secret", waiting=time.waiting)
    asked_at = datetime(2026, 11, 22, 9, 59, 30, tzinfo=UTC)
    assert client.query("SELECT Id FROM Lead").at == asked_at


@pytest.mark.parametrize(
    "answer", [query_page(total=0), query_page({"n_Account": 0}, total=1), query_page(total=7)]
)
def test_a_count_is_believed_by_its_name_alone(
    org: Script, client: SalesforceClient, answer: Answer
) -> None:
    org.on("GET", QUERY, query_page({"n_Lead": 7}, total=1), answer)
    assert client.count(Query("Lead")) == 7
    with pytest.raises(UnreadableAnswerError, match="without its number"):
        client.count(Query("Lead"))


def test_fewer_records_than_announced_are_an_error(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, page("1", total=2))
    with pytest.raises(UnreadableAnswerError, match="1 records came where 2"):
        client.records("SELECT Id FROM Lead")


@pytest.mark.parametrize("body", ["<html>", '{"totalSize": 0', "[]", '{"totalSize": 0}'])
def test_no_unreadable_answer_passes_for_an_empty_page(
    org: Script, client: SalesforceClient, body: str
) -> None:
    org.on("GET", QUERY, Answer(body))
    with pytest.raises(UnreadableAnswerError):
        client.records("SELECT Id FROM Lead")


def test_an_unfinished_query_needs_a_next_page(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, Answer({"totalSize": 1, "done": False, "records": []}))
    with pytest.raises(UnreadableAnswerError, match="no next page"):
        client.records("SELECT Id FROM Lead")


def test_the_days_allowance_stops_at_once(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
    with pytest.raises(QuotaExhaustedError):
        client.records("SELECT Id FROM Lead")


def test_a_missing_column_is_named(org: Script, client: SalesforceClient) -> None:
    message = "No such column 'X__c' on entity 'Lead'"
    org.on("GET", QUERY, refusal(400, "INVALID_FIELD", message))
    with pytest.raises(ConfigError, match=r"field X__c.*provision"):
        client.records("SELECT Id FROM Lead")
