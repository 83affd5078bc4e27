import pytest
import requests

from tests.sandbox.clients import Admin, Salesforce

TOKEN_PATH = "/services/oauth2/token"


def test_credentials_may_come_in_the_body(salesforce: Salesforce) -> None:
    client_id, client_secret = salesforce.login
    form = {"grant_type": "client_credentials"}
    form |= {"client_id": client_id, "client_secret": client_secret}
    answer = requests.post(salesforce.url + TOKEN_PATH, form, timeout=10)
    assert answer.status_code == 200
    assert answer.json()["instance_url"] == salesforce.url


@pytest.mark.parametrize(
    ("grant", "who", "error"),
    [
        ("urn:ietf:params:oauth:grant-type:device", None, "unsupported_grant_type"),
        ("client_credentials", ("nobody", "x"), "invalid_client_id"),
        ("client_credentials", None, "invalid_client"),
    ],
)
def test_wrong_credentials_open_no_session(
    salesforce: Salesforce, grant: str, who: tuple[str, str] | None, error: str
) -> None:
    pair = who or (salesforce.login[0], "wrong")
    url = salesforce.url + TOKEN_PATH
    answer = requests.post(url, {"grant_type": grant}, auth=pair, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_session_ends_by_the_sandbox_clock(salesforce: Salesforce, admin: Admin) -> None:
    admin.advance(7_199)
    assert salesforce("GET", "limits").status_code == 200
    admin.advance(1)
    answer = salesforce("GET", "limits")
    expected = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
    assert (answer.status_code, answer.json()) == (401, expected)


def test_a_session_can_be_made_to_end_after_some_calls(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_token_calls=2)
    salesforce.log_in()
    statuses = [salesforce("GET", "limits").status_code for _ in range(3)]
    assert statuses == [200, 200, 401]


def test_no_request_is_refused_where_rate_limits_are_switched_off(
    salesforce: Salesforce, admin: Admin
) -> None:
    off = {"salesforce_daily_limit": 0, "salesforce_concurrent_limit": 0}
    admin.setting(**off, salesforce_bulk_query_jobs=0, rate_limits=False)
    job = {"operation": "query", "query": "SELECT Id FROM Lead"}
    made = salesforce("POST", "jobs/query", json=job)
    assert (made.status_code, made.headers["Sforce-Limit-Info"]) == (200, "api-usage=0/0")


def test_the_day_has_an_end_and_a_new_one_begins(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_daily_limit=1)
    usage = salesforce("GET", "limits").headers["Sforce-Limit-Info"]
    refused = salesforce("GET", "limits")
    assert usage == "api-usage=1/1"
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")
    admin.advance(86_400)
    salesforce.log_in()
    assert salesforce("GET", "limits").status_code == 200


@pytest.mark.parametrize(
    ("version", "status", "code"),
    [
        ("v30.0", 410, "UNSUPPORTED_API_VERSION"),
        ("v31.0", 200, None),
        ("v68.0", 200, None),
        ("v69.0", 404, "NOT_FOUND"),
        ("latest", 404, "NOT_FOUND"),
    ],
)
def test_versions_are_those_of_late_2026(
    salesforce: Salesforce, version: str, status: int, code: str | None
) -> None:
    answer = salesforce("GET", f"/services/data/{version}/limits")
    assert answer.status_code == status
    assert code is None or answer.json()[0]["errorCode"] == code


def test_the_list_of_versions_names_their_seasons(salesforce: Salesforce) -> None:
    listed = requests.get(f"{salesforce.url}/services/data", timeout=10).json()
    assert [listed[0]["label"], listed[-1]["label"]] == ["Summer '14", "Winter '27"]


def test_unknown_paths_and_methods_are_refused_in_salesforce_words(salesforce: Salesforce) -> None:
    answers = [salesforce("GET", "nope"), salesforce("PUT", "query")]
    found = [(answer.status_code, answer.json()[0]["errorCode"]) for answer in answers]
    assert found == [(404, "NOT_FOUND"), (405, "METHOD_NOT_ALLOWED")]
