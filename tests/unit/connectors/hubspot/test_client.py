from datetime import UTC, datetime

import pytest

from connectors.errors import (
    AuthError,
    ConfigError,
    CrmError,
    InvalidRequestError,
    NotFoundError,
    QuotaExhaustedError,
    UnreadableAnswerError,
)
from connectors.hubspot.answers import RecordPage, SearchPage
from connectors.hubspot.client import HubSpotClient
from connectors.tally import CallCounts
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.hubspot.portal import OBJECTS
from tests.unit.connectors.scripted import Answer, Script

NOTHING = Answer({"results": []})


def get(client: HubSpotClient) -> RecordPage:
    return client.get(OBJECTS, {"limit": 1}, RecordPage)


def test_requests_carry_the_key_and_their_parameters(script: Script, client: HubSpotClient) -> None:
    script.on("GET", OBJECTS, NOTHING)
    get(client)
    [asked] = script.asked
    assert asked.headers["Authorization"] == "Bearer planted-secret-7f3a"
    assert asked.query == {"limit": "1"}


def test_a_search_is_a_read_and_is_repeated_after_a_fault(
    script: Script, client: HubSpotClient
) -> None:
    limit = Answer({"policyName": "SECONDLY"}, status=429, headers={"Retry-After": "0.01"})
    script.on("POST", f"{OBJECTS}/search", limit, Answer({"total": 0, "results": []}))
    client.post(f"{OBJECTS}/search", {"limit": 1}, SearchPage)
    counts = client.calls
    assert (counts.read, counts.write, counts.retried) == (2, 0, 1)


def test_an_update_is_a_write(script: Script, client: HubSpotClient) -> None:
    script.on("POST", f"{OBJECTS}/batch/update", NOTHING)
    client.post(f"{OBJECTS}/batch/update", {"inputs": []}, RecordPage)
    assert client.calls == CallCounts(write=1)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            Answer({"category": "INVALID_AUTHENTICATION"}, status=401),
            AuthError,
            r"check the credentials",
        ),
        (
            Answer(
                {
                    "category": "MISSING_SCOPES",
                    "errors": [{"context": {"requiredGranularScopes": ["contacts.read"]}}],
                },
                status=403,
            ),
            AuthError,
            r"MISSING_SCOPES \(contacts\.read\).*give the service key these scopes",
        ),
        (
            Answer("<html>", status=404, headers={"X-HubSpot-NotFound": "true"}),
            NotFoundError,
            r"HTTP 404",
        ),
        (Answer("<html>", status=404), UnreadableAnswerError, r"HTTP 404 came from something"),
        (Answer("<html>", status=403), UnreadableAnswerError, r"HTTP 403 came from something"),
        (Answer({"policyName": "DAILY"}, status=429), QuotaExhaustedError, r"DAILY"),
        (
            Answer({"category": "INVALID", "message": "ada@", "correlationId": "c-1"}, status=400),
            InvalidRequestError,
            r"INVALID \(correlation id c-1\)",
        ),
    ],
)
def test_a_refusal_becomes_the_error_that_says_what_to_do(
    script: Script, client: HubSpotClient, answer: Answer, error: type[CrmError], words: str
) -> None:
    script.on("GET", OBJECTS, answer)
    with pytest.raises(error, match=words) as caught:
        get(client)
    assert "ada@" not in str(caught.value)


def test_an_html_page_is_no_empty_list(script: Script, client: HubSpotClient) -> None:
    script.on("GET", OBJECTS, Answer("<html>"))
    with pytest.raises(UnreadableAnswerError):
        get(client)


def test_the_clock_is_hubspots(script: Script, client: HubSpotClient) -> None:
    script.on("GET", OBJECTS, NOTHING)
    assert client.now() == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_an_unknown_version_is_a_wrong_setting(script: Script, client: HubSpotClient) -> None:
    script.on("GET", OBJECTS, Answer({"category": "OBJECT_NOT_FOUND"}, status=404))
    with pytest.raises(ConfigError, match=r"no HubSpot API v3 .*base_url"):
        client.now()


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_in_hubspots_place_is_waited_for_as_a_fault_of_the_server(
    script: Script, client: HubSpotClient, time: FakeTime, status: int
) -> None:
    script.on("GET", OBJECTS, Answer("<html>", status=status))
    with pytest.raises(UnreadableAnswerError, match=r"run again; if it stays so, .*base_url"):
        client.now()
    assert sum(time.waits) == 14.5


def test_a_page_that_goes_again_costs_no_reading(script: Script, client: HubSpotClient) -> None:
    script.on("GET", OBJECTS, *[Answer("<html>")] * 6, NOTHING)
    assert client.now() == datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize("token", ["", "  ", "two words", "pät-1", "line\nbreak"])
def test_a_key_of_odd_characters_is_a_wrong_setting(token: str) -> None:
    with pytest.raises(ConfigError, match="access_token"):
        HubSpotClient.connect("https://api.example.com", token)


def test_a_key_pasted_with_spaces_around_it_works(script: Script) -> None:
    script.on("GET", OBJECTS, NOTHING)
    HubSpotClient.connect(script.base_url, " key \n").now()
    assert script.asked[0].headers["Authorization"] == "Bearer key"


def test_a_version_is_needed() -> None:
    with pytest.raises(ConfigError, match="api_version"):
        HubSpotClient.connect("https://api.example.com", "key", api_version=" ")
