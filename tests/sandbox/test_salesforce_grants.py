"""What opens a session, and what doesn't."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import Admin
from tests.sandbox.test_salesforce_oauth import CALLBACK, JWT_GRANT, App, code_for


@pytest.fixture
def app(running: RunningSandbox) -> App:
    return App(running)


def test_a_verifier_stands_for_the_secret_of_a_code_with_a_challenge_only(
    app: App, admin: Admin
) -> None:
    digest = hashlib.sha256(b"verifier").digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    form = {"redirect_uri": CALLBACK, "client_secret": "", "code_verifier": "verifier"}
    answers = [
        app.token("authorization_code", code=code_for(admin, **more), **form)
        for more in ({}, {"code_challenge": challenge})
    ]
    assert answers[0].json()["error"] == "invalid_client"
    assert answers[1].status_code == 200


@pytest.mark.parametrize("claim", [{"exp": float("nan")}, {"exp": 10**400}])
def test_an_assertion_ends_at_a_moment(app: App, claim: dict[str, float]) -> None:
    answer = app.post("token", grant_type=JWT_GRANT, assertion=app.assertion(**claim))
    assert answer.json()["error_description"] == "invalid assertion"


def test_a_certificate_has_an_rsa_key(app: App, admin: Admin) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "app.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    years = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2036))
    dated = builder.not_valid_before(next(years)).not_valid_after(next(years))
    pem = dated.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    assert admin("POST", "certificates", {"certificate": pem}).status_code == 400
    answer = app.post("token", grant_type=JWT_GRANT, assertion=app.assertion())
    assert answer.status_code == 200


def test_the_credentials_hold_a_refresh_token(app: App) -> None:
    token = app.keys["refresh_token"]
    assert app.limits(app.token("refresh_token", refresh_token=token)) == 200
    app.post("revoke", token=token)
    assert app.token("refresh_token", refresh_token=token).status_code == 400


def test_soap_reads_a_login_as_xml(app: App, admin: Admin) -> None:
    admin.setting(salesforce_soap_login=True)
    user = app.keys["username"].replace("@", "&#64;")
    body = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login>'
        f"<username>{user}</username><password>{app.keys['password']}</password>"
        "</login></e:Body></e:Envelope>"
    )
    answer = requests.post(f"{app.url}/services/Soap/u/59.0", body, timeout=10)
    session = answer.text.partition("<sessionId>")[2].partition("</sessionId>")[0]
    assert (answer.status_code, session[:4]) == (200, "00D5")
