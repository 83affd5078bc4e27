"""Who may call: OAuth apps with their tokens, scopes, and the account behind a token."""

from typing import Any
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


def test_codes_are_sent_to_loopback_and_to_known_clients_only(app: App) -> None:
    known = {"client_id": app.keys["client_id"], "redirect_uri": "https://elsewhere.example/"}
    strange = {"client_id": "wrong", "redirect_uri": CALLBACK}
    answers = [requests.get(f"{app.url}/oauth/authorize", p, timeout=10) for p in (known, strange)]
    assert [a.json()["status"] for a in answers] == ["BAD_REDIRECT_URI", "BAD_CLIENT_ID"]


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


def test_a_withheld_scope_is_named(hubspot: HubSpot, admin: Admin) -> None:
    scope = "crm.objects.companies.read"
    admin.setting(hubspot_withheld_scopes=[scope])
    answer = hubspot("GET", "/crm/v3/objects/companies")
    body: Any = answer.json()
    assert (answer.status_code, body["category"]) == (403, "MISSING_SCOPES")
    assert body["errors"][0]["context"] == {"requiredGranularScopes": [scope]}
    assert hubspot("GET", CONTACTS).status_code == 200


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("crm.objects.contacts.write", "POST", CONTACTS),
        ("crm.objects.contacts.read", "GET", "/crm/v3/objects/notes"),
        ("crm.schemas.deals.read", "GET", "/crm/v3/properties/deals"),
        ("crm.objects.owners.read", "GET", "/crm/v3/owners"),
        ("crm.lists.write", "POST", "/crm/v3/lists"),
        ("forms", "GET", "/marketing/v3/forms"),
        ("tickets", "GET", "/crm/v3/objects/tickets"),
    ],
)
def test_each_area_has_its_scope(
    hubspot: HubSpot, admin: Admin, scope: str, method: str, path: str
) -> None:
    admin.setting(hubspot_withheld_scopes=[scope])
    assert hubspot(method, path, json={}).json()["category"] == "MISSING_SCOPES"


def test_a_hidden_object_is_refused_without_a_category(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_hidden_objects=["contacts"])
    answer = hubspot("GET", CONTACTS)
    assert (answer.status_code, answer.json().keys()) == (
        403,
        {"status", "message", "correlationId"},
    )
    assert "ObjectTypeId{legacyObjectType=CONTACT}" in answer.json()["message"]
