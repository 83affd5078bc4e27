"""Who may call: OAuth apps with their tokens, scopes, and the account behind a token."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import CONTACTS, Admin, HubSpot

CALLBACK = "http://localhost:9/callback"


class App:
    """An OAuth app that is installed in the account."""

    def __init__(self, running: RunningSandbox) -> None:
        self.url, self.keys = running.url, running.credentials["hubspot"]

    def token(self, path: str = "/oauth/v1/token", **form: str) -> requests.Response:
        known = {name: self.keys[name] for name in ("client_id", "client_secret")}
        form = {"grant_type": "refresh_token", "refresh_token": self.keys["refresh_token"]} | form
        return requests.post(self.url + path, {**known, **form}, timeout=10)

    def get(self, token: str, path: str = CONTACTS) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(self.url + path, headers=headers, timeout=10)

    def code(self) -> str:
        params = {"client_id": self.keys["client_id"], "redirect_uri": CALLBACK, "state": "s"}
        url = f"{self.url}/oauth/authorize"
        sent = requests.get(url, params=params, allow_redirects=False, timeout=10)
        query = parse_qs(urlsplit(sent.headers["Location"]).query)
        assert (sent.status_code, query["state"]) == (302, ["s"])
        return query["code"][0]


@pytest.fixture
def app(running: RunningSandbox) -> App:
    return App(running)


@pytest.mark.parametrize("path", ["/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-03/token"])
def test_a_refresh_token_is_good_for_access_tokens_again_and_again(app: App, path: str) -> None:
    first, second = app.token(path).json(), app.token(path).json()
    assert {key: first[key] for key in ("token_type", "expires_in", "hub_id")} == {
        "token_type": "bearer",
        "expires_in": 1800,
        "hub_id": 24681357,
    }
    assert first["refresh_token"] == second["refresh_token"] == app.keys["refresh_token"]
    assert app.get(first["access_token"]).status_code == 200
    assert first["access_token"] != second["access_token"]


def test_an_access_token_ends_after_thirty_minutes(app: App, admin: Admin) -> None:
    token = app.token().json()["access_token"]
    admin.advance(1799)
    assert app.get(token).status_code == 200
    admin.advance(2 * 3600)
    answer = app.get(token)
    assert (answer.status_code, answer.json()["category"]) == (401, "EXPIRED_AUTHENTICATION")
    message = "The OAuth token used to make this call expired 1 hour(s) ago."
    assert answer.json()["message"] == message
    assert answer.json()["context"] == {"expire time": ["2026-06-30T12:30:00Z"]}


def test_the_seconds_of_an_access_token_are_a_setting(app: App, admin: Admin) -> None:
    admin.setting(hubspot_access_token_seconds=1)
    given = app.token().json()
    before = app.get(given["access_token"]).status_code
    admin.advance(1)
    after = app.get(given["access_token"]).status_code
    assert (given["expires_in"], before, after) == (1, 200, 401)


@pytest.mark.parametrize(("version", "status"), [("v1", 200), ("v3", 400), ("2026-03", 400)])
def test_secrets_in_the_query_are_for_v1_alone(app: App, version: str, status: int) -> None:
    names = ("client_id", "client_secret", "refresh_token")
    params = {"grant_type": "refresh_token", **{name: app.keys[name] for name in names}}
    answer = requests.post(f"{app.url}/oauth/{version}/token", params=params, timeout=10)
    assert answer.status_code == status


def test_what_an_app_writes_is_told_apart_from_what_the_key_writes(
    app: App, hubspot: HubSpot
) -> None:
    contact_id = hubspot.create(email="a@b.example", city="Oslo")
    headers = {"Authorization": f"Bearer {app.token().json()['access_token']}"}
    body = {"properties": {"city": "Roma"}}
    url = f"{app.url}{CONTACTS}/{contact_id}"
    requests.patch(url, json=body, headers=headers, timeout=10).raise_for_status()
    labels = [(one["sourceId"], one["sourceLabel"]) for one in hubspot.history(contact_id, "city")]
    assert labels == [("3141592", "Leadcycle app"), ("4096512", "Leadcycle service key")]


def test_all_access_tokens_can_be_ended_at_once(app: App, admin: Admin) -> None:
    token = app.token().json()["access_token"]
    assert admin("POST", "sessions/end", {"crm": "hubspot"}).json() == {"ended": 1}
    answer = app.get(token)
    message = "The OAuth token used to make this call expired 0 second(s) ago."
    assert (answer.status_code, answer.json()["message"]) == (401, message)
    assert app.get(app.token().json()["access_token"]).status_code == 200


def test_a_code_is_good_once_for_the_address_it_was_sent_to(app: App) -> None:
    form = {"grant_type": "authorization_code", "code": app.code()}
    wrong = app.token(**form, redirect_uri="http://localhost:9/other")
    good, again = (app.token(**form, redirect_uri=CALLBACK) for _ in range(2))
    assert wrong.json()["status"] == "MISMATCH_REDIRECT_URI_AUTH_CODE"
    assert app.get(good.json()["access_token"]).status_code == 200
    assert app.token(refresh_token=good.json()["refresh_token"]).status_code == 200
    assert (again.status_code, again.json()["status"]) == (400, "BAD_AUTH_CODE")


def test_a_code_ends(app: App, admin: Admin) -> None:
    code = app.code()
    admin.advance(601)
    answer = app.token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert answer.json()["status"] == "EXPIRED_AUTH_CODE"


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"refresh_token": "na1-wrong"}, "BAD_REFRESH_TOKEN"),
        ({"client_id": "wrong"}, "BAD_CLIENT_ID"),
        ({"client_secret": "wrong"}, "BAD_CLIENT_SECRET"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
    ],
)
def test_the_reason_stands_where_other_answers_say_error(
    app: App, form: dict[str, str], reason: str
) -> None:
    answer = app.token(**form)
    assert (answer.status_code, answer.json()["status"]) == (400, reason)
    assert answer.json().keys() == {"status", "message", "correlationId"}


def authorize(app: App, **params: str) -> requests.Response:
    known = {"client_id": app.keys["client_id"], "redirect_uri": CALLBACK}
    url = f"{app.url}/oauth/authorize"
    return requests.get(url, params={**known, **params}, allow_redirects=False, timeout=10)


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://elsewhere.example/",
        "http://elsewhere.example\\@127.0.0.1/",
        "http://user@127.0.0.1/",
        "ftp://127.0.0.1/",
        "http://[x",
        "",
    ],
)
def test_codes_are_sent_to_loopback_only(app: App, redirect_uri: str) -> None:
    answer = authorize(app, redirect_uri=redirect_uri)
    assert (answer.status_code, answer.json()["status"]) == (400, "BAD_REDIRECT_URI")


def test_codes_are_sent_for_known_clients_only(app: App) -> None:
    assert authorize(app, client_id="wrong").json()["status"] == "BAD_CLIENT_ID"


def test_a_code_joins_the_query_of_its_address(app: App) -> None:
    sent = authorize(app, redirect_uri="http://[::1]:9/é?a=b").headers["Location"]
    assert sent.startswith("http://[::1]:9/%C3%A9?a=b&code=na1-")


def test_a_refresh_token_that_rotates_is_good_once(app: App, admin: Admin) -> None:
    admin.setting(hubspot_rotates_refresh_tokens=True)
    following = app.token().json()["refresh_token"]
    assert app.token().json()["status"] == "BAD_REFRESH_TOKEN"
    assert app.token(refresh_token=following).status_code == 200


def test_a_deleted_refresh_token_is_good_for_nothing(app: App) -> None:
    access = app.token().json()["access_token"]
    url = f"{app.url}/oauth/v1/refresh-tokens/{app.keys['refresh_token']}"
    told = requests.get(url, timeout=10).json()
    assert (told["token"], told["token_type"]) == (app.keys["refresh_token"], "refresh")
    assert requests.delete(url, timeout=10).status_code == 204
    assert app.token().json()["status"] == "BAD_REFRESH_TOKEN"
    assert requests.get(url, timeout=10).status_code == 404
    assert app.get(access).status_code == 200


def test_a_token_tells_of_its_account(app: App, admin: Admin) -> None:
    token = app.token().json()["access_token"]
    admin.advance(600)
    path = f"/oauth/v1/access-tokens/{token}"
    told = app.get(token, path).json()
    assert {key: told[key] for key in ("token", "hub_id", "expires_in", "token_type")} == {
        "token": token,
        "hub_id": 24681357,
        "expires_in": 1200,
        "token_type": "access",
    }
    admin.advance(1200)
    assert app.get(token, path).status_code == 400


def test_a_malformed_token_may_be_met_by_what_stands_before_hubspot(app: App, admin: Admin) -> None:
    assert app.get("two words").status_code == 401
    admin.setting(hubspot_malformed_token_status=530)
    assert [app.get(token).status_code for token in ("two words", "unknown")] == [530, 401]
