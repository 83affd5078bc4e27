"""The ways to a session, what each answers, and how each is refused."""

import base64
import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connectors.sandbox.clock import START
from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import Admin, Salesforce

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CALLBACK = "https://app.example/callback"


class App:
    """The connected app: its keys, and forms sent to the OAuth endpoints."""

    def __init__(self, running: RunningSandbox) -> None:
        self.url = running.url
        self.keys = running.credentials["salesforce"]
        self.private_key = Path(self.keys["private_key_file"]).read_text(encoding="utf-8")

    def post(self, path: str, **form: str) -> requests.Response:
        return requests.post(f"{self.url}/services/oauth2/{path}", form, timeout=10)

    def token(self, grant: str, **form: str) -> requests.Response:
        keys = {name: self.keys[name] for name in ("client_id", "client_secret")}
        return self.post("token", grant_type=grant, **(keys | form))

    def assertion(self, **claims: Any) -> str:
        """Return an assertion for the API user with some claims changed."""
        usual = {
            "iss": self.keys["client_id"],
            "sub": self.keys["username"],
            "aud": "https://login.salesforce.com",
            "exp": int(time.time()) + 60,
        }
        return jwt.encode(usual | claims, self.private_key, algorithm="RS256")

    def limits(self, answer: requests.Response) -> int:
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        path = f"{self.url}/services/data/v66.0/limits"
        return requests.get(path, headers=headers, timeout=10).status_code


@pytest.fixture
def app(running: RunningSandbox) -> App:
    return App(running)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"exp": int(START.timestamp()) + 200},
        {"aud": "https://test.salesforce.com"},
        {"aud": "https://acme.my.salesforce.com"},
        {"aud": "https://acme--dev.sandbox.my.salesforce.com"},
    ],
)
def test_a_signed_assertion_opens_a_session(app: App, claims: dict[str, Any]) -> None:
    answer = app.post("token", grant_type=JWT_GRANT, assertion=app.assertion(**claims))
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "scope", "instance_url", "id", "token_type"}
    assert app.limits(answer) == 200


def test_an_assertion_may_tell_its_end_as_text(app: App) -> None:
    ends = str(int(time.time()) + 200)
    answer = app.post("token", grant_type=JWT_GRANT, assertion=app.assertion(exp=ends))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("claims", "error", "description"),
    [
        ({"iss": "3MVG9other"}, "invalid_client_id", "client identifier invalid"),
        ({"sub": "x@y.example"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"aud": "https://acme.example"}, "invalid_grant", "audience is invalid"),
        ({"exp": 1_000}, "invalid_grant", "expired authorization code"),
        ({"exp": int(START.timestamp())}, "invalid_grant", "expired authorization code"),
        # Told when tests are collected: a day, as a run of all may last longer than some minutes.
        ({"exp": str(int(time.time()) + 86_400)}, "invalid_grant", "invalid assertion"),
        ({"exp": "soon"}, "invalid_grant", "invalid assertion"),
    ],
)
def test_an_assertion_must_be_for_this_org_and_this_moment(
    app: App, claims: dict[str, Any], error: str, description: str
) -> None:
    answer = app.post("token", grant_type=JWT_GRANT, assertion=app.assertion(**claims))
    expected = {"error": error, "error_description": description}
    assert (answer.status_code, answer.json()) == (400, expected)


def test_an_assertion_signed_by_another_key_is_invalid(app: App) -> None:
    forged = jwt.encode({"iss": app.keys["client_id"]}, "x" * 40, algorithm="HS256")
    for assertion in (forged, "no.token", ""):
        answer = app.post("token", grant_type=JWT_GRANT, assertion=assertion)
        assert answer.json()["error_description"] == "invalid assertion"


def test_the_user_may_have_to_approve_the_app_first(app: App, admin: Admin) -> None:
    admin.setting(salesforce_approves_jwt=False)
    answer = app.post("token", grant_type=JWT_GRANT, assertion=app.assertion())
    assert answer.json()["error_description"] == "user hasn't approved this consumer"


def test_another_certificate_may_be_uploaded(app: App, admin: Admin) -> None:
    assert admin("POST", "certificates", {"certificate": "none"}).status_code == 400
    old = app.assertion()
    app.private_key, certificate = key_with_certificate()
    admin("POST", "certificates", {"certificate": certificate}).raise_for_status()
    answers = [
        app.post("token", grant_type=JWT_GRANT, assertion=assertion)
        for assertion in (app.assertion(), old)
    ]
    assert [answer.status_code for answer in answers] == [200, 400]


def key_with_certificate() -> tuple[str, str]:
    """Return a private key and a certificate of its own making, both in PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "app.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    years = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2036))
    dated = builder.not_valid_before(next(years)).not_valid_after(next(years))
    certificate = dated.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode(), certificate.decode()


def code_for(admin: Admin, **more: str) -> str:
    answer = admin("POST", "oauth-codes", {"redirect_uri": CALLBACK, **more})
    return str(answer.json()["code"])


def test_a_code_is_good_once_and_brings_a_refresh_token(app: App, admin: Admin) -> None:
    code = code_for(admin)
    opened = app.token("authorization_code", code=code, redirect_uri=CALLBACK)
    again = app.token("authorization_code", code=code, redirect_uri=CALLBACK)
    refreshed = app.token("refresh_token", refresh_token=opened.json()["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert [app.limits(opened), app.limits(refreshed)] == [200, 200]
    assert "refresh_token" not in refreshed.json()


@pytest.mark.parametrize(
    ("seconds", "redirect", "expected"),
    [
        (900, CALLBACK, ("invalid_grant", "expired authorization code")),
        (0, "https://b.x", ("redirect_uri_mismatch", "redirect_uri must match configuration")),
    ],
)
def test_a_code_must_be_young_and_come_from_the_right_address(
    app: App, admin: Admin, seconds: int, redirect: str, expected: tuple[str, str]
) -> None:
    code = code_for(admin)
    admin.advance(seconds)
    answer = app.token("authorization_code", code=code, redirect_uri=redirect)
    assert tuple(answer.json().values()) == expected


def test_a_code_asked_for_with_a_challenge_needs_the_verifier(app: App, admin: Admin) -> None:
    digest = hashlib.sha256(b"verifier").digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    form = {"redirect_uri": CALLBACK, "client_secret": ""}
    errors = []
    for verifier in ("guess", "verifier"):
        code = code_for(admin, code_challenge=challenge)
        answer = app.token("authorization_code", code=code, code_verifier=verifier, **form)
        errors.append(answer.json().get("error_description"))
    assert errors == ["invalid code verifier", None]


def test_refresh_tokens_may_rotate(app: App, admin: Admin) -> None:
    admin.setting(salesforce_rotates_refresh_tokens=True)
    opened = app.token("authorization_code", code=code_for(admin), redirect_uri=CALLBACK)
    first = opened.json()["refresh_token"]
    second = app.token("refresh_token", refresh_token=first).json()["refresh_token"]
    refused = app.token("refresh_token", refresh_token=first)
    assert second != first
    expected = {"error": "invalid_grant", "error_description": "expired access/refresh token"}
    assert (refused.status_code, refused.json()) == (400, expected)


def test_a_token_is_not_asked_for_by_get(app: App) -> None:
    answer = requests.get(f"{app.url}/services/oauth2/token", timeout=10)
    expected = {"error": "invalid_request", "error_description": "must use HTTP POST"}
    assert (answer.status_code, answer.json()) == (400, expected)


def test_tokens_of_both_kinds_are_revoked(app: App, admin: Admin) -> None:
    opened = app.token("authorization_code", code=code_for(admin), redirect_uri=CALLBACK)
    tokens = [opened.json()["access_token"], opened.json()["refresh_token"], "unknown"]
    statuses = [app.post("revoke", token=token).status_code for token in tokens]
    assert statuses == [200, 200, 400]
    assert app.limits(opened) == 401
    assert app.token("refresh_token", refresh_token=tokens[1]).status_code == 400


@pytest.mark.parametrize("rotates", [False, True])
def test_the_sessions_that_a_refresh_token_brought_end_with_it(
    app: App, admin: Admin, rotates: bool
) -> None:
    admin.setting(salesforce_rotates_refresh_tokens=rotates)
    opened = app.token("authorization_code", code=code_for(admin), redirect_uri=CALLBACK)
    token = opened.json()["refresh_token"]
    again = app.token("refresh_token", refresh_token=token)
    assert [app.limits(opened), app.limits(again)] == [200, 200]
    app.post("revoke", token=again.json().get("refresh_token", token))
    assert [app.limits(opened), app.limits(again)] == [401, 401]


def test_introspection_tells_whether_a_session_lives(app: App) -> None:
    token = app.token("client_credentials").json()["access_token"]
    keys = {name: app.keys[name] for name in ("client_id", "client_secret")}
    found = [app.post("introspect", token=each, **keys).json() for each in (token, "none")]
    assert (found[0]["active"], found[0]["username"]) == (True, app.keys["username"])
    assert found[1] == {"active": False}
    assert app.post("introspect", token=token).json()["error"] == "invalid_client_id"


def test_the_password_grant_is_blocked_unless_the_org_allows_it(app: App, admin: Admin) -> None:
    pair = {"username": app.keys["username"], "password": app.keys["password"]}
    blocked = app.token("password", **pair)
    admin.setting(salesforce_password_grant=True)
    expected = {"error": "invalid_grant", "error_description": "authentication failure"}
    assert (blocked.status_code, blocked.json()) == (400, expected)
    assert app.limits(app.token("password", **pair)) == 200
    assert app.token("password", username="x", password="y").json() == expected


def test_the_identity_url_tells_who_the_session_runs_as(salesforce: Salesforce, app: App) -> None:
    told = salesforce("GET", "/services/oauth2/userinfo").json()
    headers = salesforce.session.headers
    found = requests.get(told["sub"], headers=headers, timeout=10)
    assert (found.json()["username"], found.json()["user_id"]) == (
        app.keys["username"],
        told["user_id"],
    )
    assert requests.get(told["sub"], timeout=10).status_code == 401
    other = requests.get(f"{app.url}/id/00D/005", headers=headers, timeout=10)
    assert other.status_code == 404


def soap(app: App, version: str, password: str = "x") -> requests.Response:
    body = (
        '<?xml version="1.0"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/">'
        '<env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com">'
        f"<n1:username>{app.keys['username']}</n1:username><n1:password>{password}</n1:password>"
        "</n1:login></env:Body></env:Envelope>"
    )
    headers = {"Content-Type": "text/xml", "SOAPAction": "login"}
    url = f"{app.url}/services/Soap/u/{version}"
    return requests.post(url, body, headers=headers, timeout=10)


GONE = (
    "The SOAP Login operation is not available in the API version specified (65.0). "
    "Refer to the documentation for supported versions."
)
OFF = (
    "SOAP API login() is disabled by default in this org. "
    "Contact the org administrator to enable SOAP API login()."
)


@pytest.mark.parametrize(("version", "message"), [("65.0", GONE), ("64.0", OFF)])
def test_soap_login_is_refused_by_a_fault(app: App, version: str, message: str) -> None:
    answer = soap(app, version)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert "<sf:exceptionCode>INVALID_OPERATION</sf:exceptionCode>" in answer.text
    assert f"<sf:exceptionMessage>{message}</sf:exceptionMessage>" in answer.text


def test_a_version_that_is_gone_is_a_fault_of_its_own(app: App) -> None:
    answer = soap(app, "30.0")
    assert answer.status_code == 500
    assert "<sf:exceptionCode>UNSUPPORTED_API_VERSION</sf:exceptionCode>" in answer.text


def test_an_old_org_still_lets_soap_clients_in(app: App, admin: Admin) -> None:
    admin.setting(salesforce_soap_login=True)
    assert "<sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>" in soap(app, "59.0").text
    opened = soap(app, "59.0", app.keys["password"]).text
    session = opened.partition("<sessionId>")[2].partition("</sessionId>")[0]
    headers = {"Authorization": f"OAuth {session}"}
    path = f"{app.url}/services/data/v59.0/limits"
    assert requests.get(path, headers=headers, timeout=10).status_code == 200


def test_the_key_of_a_seed_is_always_the_same(app: App, drawn: Path) -> None:
    assert (drawn / "salesforce.key").read_text(encoding="utf-8") == app.private_key
    assert (drawn / "salesforce.key").stat().st_mode & 0o077 == 0


def test_the_day_rolls_instead_of_ending_at_midnight(salesforce: Salesforce, admin: Admin) -> None:
    admin.advance(11 * 3_600)
    salesforce.log_in()
    before = used(salesforce)
    admin.advance(2 * 3_600)
    salesforce.log_in()
    assert used(salesforce) == before + 1
    admin.advance(22 * 3_600)
    salesforce.log_in()
    assert used(salesforce) == 2


def used(salesforce: Salesforce) -> int:
    info = salesforce("GET", "limits").headers["Sforce-Limit-Info"]
    return int(info.removeprefix("api-usage=").partition("/")[0])
