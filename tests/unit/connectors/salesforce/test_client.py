import base64
from datetime import UTC, datetime

import pytest

from connectors.errors import AuthError, ConfigError, QuotaExhaustedError
from connectors.salesforce.client import SalesforceClient
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, TOKEN, page, refusal
from tests.unit.connectors.scripted import Answer, Asked, Script


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


def test_an_address_that_gives_no_tokens_is_a_wrong_setting(script: Script) -> None:
    script.on("POST", TOKEN, refusal(404, "NOT_FOUND"))
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


def test_a_page_is_of_the_time_when_it_was_asked_for_not_of_its_answer(org: Script) -> None:
    time = FakeTime()

    def slowly(_asked: Asked) -> Answer:
        time.sleep(30.9)
        return page({"Id": "1"})

    org.on("GET", QUERY, slowly)
    client = SalesforceClient.connect(org.base_url, "id", "secret", waiting=time.waiting)
    asked_at = datetime(2026, 11, 22, 9, 59, 30, tzinfo=UTC)
    assert client.query("SELECT Id FROM Lead").at == asked_at


def test_the_days_allowance_stops_at_once(org: Script, client: SalesforceClient) -> None:
    org.on("GET", QUERY, refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
    with pytest.raises(QuotaExhaustedError):
        client.query("SELECT Id FROM Lead")


def test_a_missing_column_is_named(org: Script, client: SalesforceClient) -> None:
    message = "No such column 'X__c' on entity 'Lead'"
    org.on("GET", QUERY, refusal(400, "INVALID_FIELD", message))
    with pytest.raises(ConfigError, match=r"field X__c.*provision"):
        client.query("SELECT Id FROM Lead")
