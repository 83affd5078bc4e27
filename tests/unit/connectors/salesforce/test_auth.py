from functools import cache

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connectors.answers import read_clock
from connectors.errors import AuthError, ConfigError, UnreadableAnswerError
from connectors.salesforce.auth import (
    TOKEN_PATH,
    VERSIONS_PATH,
    JwtLogin,
    SecretLogin,
    audience_of,
)
from connectors.salesforce.client import SalesforceClient
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.scripted import DATE, Answer, Script

LIMITS = "/services/data/v66.0/limits/"
USER = "https://login.salesforce.com/id/00D000000000001AAA/005000000000001AAA"


@cache
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def pem() -> str:
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key().private_bytes(*plain).decode()


def connect(script: Script, login: JwtLogin | SecretLogin) -> SalesforceClient:
    return SalesforceClient.log_in(script.base_url, login, waiting=FakeTime().waiting)


def form_of(script: Script) -> dict[str, str]:
    pairs = script.asked_for(TOKEN_PATH)[-1].body.split("&")
    return dict(pair.split("=") for pair in pairs)


@pytest.fixture
def org(script: Script) -> Script:
    script.on("GET", VERSIONS_PATH, Answer([]))
    script.on("POST", TOKEN_PATH, Answer({"access_token": "one", "id": USER}))
    script.on("GET", LIMITS, Answer({}))
    return script


def test_an_assertion_is_signed_and_dated_by_salesforces_own_clock(org: Script) -> None:
    client = connect(org, JwtLogin(" app-1 ", "ada@example.com\n", pem()))
    client.now()
    form = form_of(org)
    assert form["grant_type"] == "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
    unchecked = {"verify_exp": False, "verify_aud": False}
    claims = jwt.decode(form["assertion"], key().public_key(), ["RS256"], options=unchecked)
    assert claims == {
        "iss": "app-1",
        "sub": "ada@example.com",
        "aud": "https://login.salesforce.com",
        "exp": int(read_clock("salesforce", DATE).timestamp()) + 180,
    }
    assert client.user_id == "005000000000001AAA"


def test_an_ended_session_is_followed_by_another_assertion(org: Script) -> None:
    client = connect(org, JwtLogin("app-1", "ada@example.com", pem()))
    org.on("GET", "/services/data/v66.0/ended", Answer([], 401), Answer({}))
    client.call("ended", "GET")
    assert len(org.asked_for(TOKEN_PATH)) == 2


@pytest.mark.parametrize(
    ("address", "audience"),
    [
        ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme--uat.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("https://acme.scratch.my.salesforce.com", "https://test.salesforce.com"),
        ("https://sandbox.my.salesforce.com.example", "https://login.salesforce.com"),
    ],
)
def test_an_assertion_is_for_the_login_host_of_the_org(address: str, audience: str) -> None:
    assert audience_of(address) == audience


def test_an_audience_of_ones_own_comes_first(org: Script) -> None:
    own = JwtLogin("app-1", "ada@example.com", pem(), audience="https://acme.my.salesforce.com")
    connect(org, own).now()
    claims = jwt.decode(form_of(org)["assertion"], options={"verify_signature": False})
    assert claims["aud"] == "https://acme.my.salesforce.com"


@pytest.mark.parametrize(
    "login",
    [
        JwtLogin("", "ada@example.com", "pem"),
        JwtLogin("app-1", " ", "pem"),
        JwtLogin("app-1", "ada@example.com", "planted-secret-7f3a"),
        SecretLogin(" ", "secret"),
        SecretLogin("app-1", ""),
    ],
)
def test_a_login_that_cannot_work_is_a_wrong_setting(login: JwtLogin | SecretLogin) -> None:
    with pytest.raises(ConfigError) as caught:
        SalesforceClient.log_in("https://acme.my.salesforce.com", login)
    assert "planted" not in str(caught.value)


def test_a_user_who_has_not_let_the_app_in_is_told_so(org: Script, script: Script) -> None:
    refusal = Answer({"error": "invalid_grant", "error_description": "not approved"}, 400)
    script.on("POST", "/refused" + TOKEN_PATH, refusal)
    script.on("GET", "/refused" + VERSIONS_PATH, Answer([]))
    login = JwtLogin("app-1", "ada@example.com", pem())
    client = SalesforceClient.log_in(script.base_url + "/refused", login)
    with pytest.raises(AuthError, match=r"invalid_grant .*let admins approve our user"):
        _ = client.user_id


def test_an_app_without_a_run_as_user_is_told_so(script: Script) -> None:
    told = "no client credentials user enabled"
    script.on(
        "POST", TOKEN_PATH, Answer({"error": "invalid_grant", "error_description": told}, 400)
    )
    client = connect(script, SecretLogin("app-1", "secret"))
    with pytest.raises(AuthError, match=rf"\({told}\) -> allow the client .* run-as user"):
        _ = client.user_id


def test_no_login_shows_its_secret() -> None:
    logins = (JwtLogin("app-1", "ada", "planted"), SecretLogin("app-1", "planted"))
    assert "planted" not in repr(logins)


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_in_place_of_a_token_is_waited_for_as_a_fault_of_the_server(
    script: Script, status: int
) -> None:
    time = FakeTime()
    script.on("POST", TOKEN_PATH, Answer("<html>", status, {"Content-Type": "text/html"}))
    client = SalesforceClient.connect(script.base_url, "id", "secret", waiting=time.waiting)
    with pytest.raises(UnreadableAnswerError, match=r"run again; if it stays so, .*base_url"):
        client.now()
    assert sum(time.waits) == 14.5


def test_a_page_that_goes_again_costs_no_login(script: Script) -> None:
    html = [Answer("<html>", headers={"Content-Type": "text/html"})] * 6
    script.on("POST", TOKEN_PATH, *html, Answer({"access_token": "one"}))
    script.on("GET", LIMITS, Answer({}))
    connect(script, SecretLogin("app-1", "secret")).now()
    assert len(script.asked_for(TOKEN_PATH)) == 7
