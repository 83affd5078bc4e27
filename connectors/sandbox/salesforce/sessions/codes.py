"""The web server flow: a code, given to a user who agreed, becomes a session and a refresh token.

Source: Salesforce Help, "OAuth 2.0 Web Server Flow" and "OAuth 2.0 Refresh Token Flow"; RFC 7636
for the proof that the one who brings the code is the one who asked for it.
"""

import base64
import hashlib
from datetime import timedelta

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.sessions.clients import Form
from connectors.sandbox.salesforce.sessions.refusals import OAuthRefusal, invalid_grant
from connectors.sandbox.salesforce.times import moment_of, stamp

CODE_LIFE = timedelta(minutes=15)
_INSTALLED = "salesforce app installed"


def give_code(sandbox: Sandbox, redirect_uri: str, code_challenge: str = "") -> str:
    """Return a code, as the user's browser brings it to the redirect address."""
    number = sandbox.store.next_number("salesforce codes")
    code = f"aPrx{sandbox.secret(f'code {number}', 56)}=="
    sandbox.store.run(
        "insert into salesforce_codes values (?, ?, ?, ?)",
        code,
        redirect_uri,
        code_challenge,
        stamp(sandbox.clock.now + CODE_LIFE),
    )
    return code


def is_challenged(sandbox: Sandbox, form: Form) -> bool:
    """Tell whether a code was asked for with a challenge, whose proof stands for the secret."""
    sql = "select challenge from salesforce_codes where code = ?"
    return bool(sandbox.store.value(sql, form.get("code", "")))


def redeem_code(sandbox: Sandbox, form: Form) -> str:
    """Take a code, which is good once, and return a refresh token.

    Raises:
        OAuthRefusal: an unknown, used or old code, another address, or no proof.
    """
    kept = sandbox.store.row(
        "delete from salesforce_codes where code = ? returning *", form.get("code", "")
    )
    if kept is None:
        raise invalid_grant("invalid authorization code")
    if moment_of(kept["expires_at"]) <= sandbox.clock.now:
        raise invalid_grant("expired authorization code")
    if form.get("redirect_uri", "") != kept["redirect_uri"]:
        raise OAuthRefusal("redirect_uri_mismatch", "redirect_uri must match configuration")
    if kept["challenge"] and _challenge(form.get("code_verifier", "")) != kept["challenge"]:
        raise invalid_grant("invalid code verifier")
    return _new_refresh_token(sandbox)


def use_refresh_token(sandbox: Sandbox, token: str) -> str | None:
    """Use a refresh token, and return the one to use next time where they rotate.

    Raises:
        OAuthRefusal: there is no such token, or it has been revoked or replaced.
    """
    kept = sandbox.store.row("select * from salesforce_refresh_tokens where token = ?", token)
    if kept is None:
        raise invalid_grant("expired access/refresh token")
    if not sandbox.settings.salesforce_rotates_refresh_tokens:
        return None
    following = _new_refresh_token(sandbox)
    _forget(sandbox, token)
    # The sessions that the old token brought live on, and end with the new one.
    sql = "update salesforce_sessions set refresh_token = ? where refresh_token = ?"
    sandbox.store.run(sql, following, token)
    return following


def install_app(sandbox: Sandbox) -> None:
    """Let the app have the refresh token that its credentials name, once in a sandbox's life."""
    with sandbox.store.transaction():
        if sandbox.store.read_state(_INSTALLED) is None:
            token = sandbox.salesforce_refresh_token
            sandbox.store.run("insert into salesforce_refresh_tokens values (?)", token)
            sandbox.store.keep_state(_INSTALLED, True)


def revoke_refresh_token(sandbox: Sandbox, token: str) -> bool:
    """End a refresh token with all sessions it has brought, and return whether there was one."""
    if not _forget(sandbox, token):
        return False
    sandbox.store.run("delete from salesforce_sessions where refresh_token = ?", token)
    return True


def _forget(sandbox: Sandbox, token: str) -> bool:
    return sandbox.store.run("delete from salesforce_refresh_tokens where token = ?", token) > 0


def _new_refresh_token(sandbox: Sandbox) -> str:
    number = sandbox.store.next_number("salesforce refresh tokens")
    token = f"5Aep861{sandbox.secret(f'refresh {number}', 80)}"
    sandbox.store.run("insert into salesforce_refresh_tokens values (?)", token)
    return token


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
