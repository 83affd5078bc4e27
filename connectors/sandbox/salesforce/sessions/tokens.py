"""Sessions of the API user: opened by a grant, ended by time, by calls or by being revoked."""

import base64
from datetime import timedelta

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import session_expired
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.times import moment_of, stamp
from connectors.sandbox.web import Call

ORGANIZATION = "00D5e0000000001EAA"


def open_session(sandbox: Sandbox, base_url: str, refresh_token: str = "") -> dict[str, str]:
    """Open a session and return what every grant answers of it.

    Args:
        sandbox: Where it is kept.
        base_url: Where the org is.
        refresh_token: What the session goes back to, and ends with.
    """
    number = sandbox.store.next_number("salesforce sessions")
    token = f"{ORGANIZATION[:15]}!AQ{sandbox.secret(f'session {number}', 64)}"
    ends = sandbox.clock.now + timedelta(seconds=sandbox.settings.salesforce_token_seconds)
    sandbox.store.run(
        "insert into salesforce_sessions values (?, ?, ?, ?)",
        token,
        stamp(ends),
        sandbox.settings.salesforce_token_calls,
        refresh_token,
    )
    return {
        "access_token": token,
        "signature": base64.b64encode(sandbox.secret(token, 32).encode()).decode(),
        "scope": "api",
        "instance_url": base_url,
        "id": identity_url(base_url),
        "token_type": "Bearer",
        "issued_at": str(sandbox.clock.now_ms),
    }


def identity_url(base_url: str) -> str:
    """Return the address that tells who the API user is."""
    return f"{base_url}/id/{ORGANIZATION}/{INTEGRATION_USER}"


def check_session(sandbox: Sandbox, call: Call) -> None:
    """Let a request with a living session pass, and count it against the session's calls.

    Raises:
        Refusal: INVALID_SESSION_ID.
    """
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if call.path.startswith("/services/async/") and "x-sfdc-session" in call.headers:
        # The older Bulk API has a header of its own.
        scheme, token = "bearer", call.headers["x-sfdc-session"]
    if scheme.lower() not in ("bearer", "oauth"):
        raise session_expired()
    use_session(sandbox, token.strip())


def use_session(sandbox: Sandbox, token: str) -> None:
    """Use a session for one call.

    Raises:
        Refusal: INVALID_SESSION_ID, since there is none, or it has ended.
    """
    calls = living_session(sandbox, token)
    if calls is None:
        raise session_expired()
    if calls == 1:
        end_session(sandbox, token)
    elif calls > 1:
        sandbox.store.run("update salesforce_sessions set calls = calls - 1 where token = ?", token)


def living_session(sandbox: Sandbox, token: str) -> int | None:
    """Return how many calls a session has left, 0 for any number, or None if it has ended."""
    session = sandbox.store.row("select * from salesforce_sessions where token = ?", token)
    if session is None or moment_of(session["expires_at"]) <= sandbox.clock.now:
        return None
    return int(session["calls"])


def end_session(sandbox: Sandbox, token: str) -> bool:
    """End a session, and return whether there was one."""
    ended = sandbox.store.run("delete from salesforce_sessions where token = ?", token)
    return ended > 0
