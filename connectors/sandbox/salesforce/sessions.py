"""OAuth client credentials, and the sessions they open."""

import base64
import binascii
import hmac
from datetime import timedelta
from urllib.parse import parse_qs

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import session_expired
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.times import moment_of, stamp
from connectors.sandbox.web import Answer, Call

ORGANIZATION = "00D5e0000000001EAA"


def give_token(sandbox: Sandbox, call: Call) -> Answer:
    """POST /services/oauth2/token: only the client-credentials flow, as new orgs have it."""
    form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
    if form.get("grant_type") != "client_credentials":
        return _refused("unsupported_grant_type", "grant type not supported")
    client_id, client_secret = _basic_pair(call) or (
        form.get("client_id", ""),
        form.get("client_secret", ""),
    )
    known = sandbox.credentials(call.base_url)["salesforce"]
    if not hmac.compare_digest(client_id.encode(), known["client_id"].encode()):
        return _refused("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(client_secret.encode(), known["client_secret"].encode()):
        return _refused("invalid_client", "invalid client credentials")
    return Answer(200, _token_body(sandbox, call))


def _token_body(sandbox: Sandbox, call: Call) -> dict[str, str]:
    number = sandbox.store.next_number("salesforce sessions")
    token = f"{ORGANIZATION[:15]}!AQ{sandbox.secret(f'session {number}', 64)}"
    ends = sandbox.clock.now + timedelta(seconds=sandbox.settings.salesforce_token_seconds)
    sandbox.store.run(
        "insert into salesforce_sessions values (?, ?, ?)",
        token,
        stamp(ends),
        sandbox.settings.salesforce_token_calls,
    )
    return {
        "access_token": token,
        "signature": base64.b64encode(sandbox.secret(token, 32).encode()).decode(),
        "scope": "api",
        "instance_url": call.base_url,
        "id": f"{call.base_url}/id/{ORGANIZATION}/{INTEGRATION_USER}",
        "token_type": "Bearer",
        "issued_at": str(sandbox.clock.now_ms),
    }


def check_session(sandbox: Sandbox, call: Call) -> None:
    """Let a request with a living session pass.

    Raises:
        Refusal: INVALID_SESSION_ID.
    """
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "oauth"):
        raise session_expired()
    session = sandbox.store.row("select * from salesforce_sessions where token = ?", token.strip())
    if session is None or moment_of(session["expires_at"]) <= sandbox.clock.now:
        raise session_expired()
    if session["calls"] == 1:
        sandbox.store.run("delete from salesforce_sessions where token = ?", session["token"])
    elif session["calls"] > 1:
        sandbox.store.run(
            "update salesforce_sessions set calls = calls - 1 where token = ?", session["token"]
        )


def tell_user(sandbox: Sandbox, call: Call) -> Answer:
    """GET /services/oauth2/userinfo: who the session runs as."""
    user = sandbox.store.row("select * from salesforce_User where Id = ?", INTEGRATION_USER)
    name, username = ("", "") if user is None else (user["Name"], user["Username"])
    return Answer(
        200,
        {
            "sub": f"{call.base_url}/id/{ORGANIZATION}/{INTEGRATION_USER}",
            "user_id": INTEGRATION_USER,
            "organization_id": ORGANIZATION,
            "preferred_username": username,
            "name": name,
            "email": username,
            "zoneinfo": "UTC",
            "user_type": "STANDARD",
            "active": True,
        },
    )


def _basic_pair(call: Call) -> tuple[str, str] | None:
    scheme, _, coded = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(coded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, client_secret = pair.partition(":")
    return client_id, client_secret


def _refused(error: str, description: str) -> Answer:
    return Answer(400, {"error": error, "error_description": description})
