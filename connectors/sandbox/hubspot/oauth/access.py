"""Who calls: the account's service key, an OAuth app, or the developer whose app it is."""

import hmac
import re
from typing import Literal

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import (
    Refusal,
    expired_authentication,
    malformed_token,
    missing_scopes,
    not_authenticated,
)
from connectors.sandbox.hubspot.oauth.tokens import find_token, seconds_left
from connectors.sandbox.web import Call

Caller = Literal["key", "app", "developer"]
_WEBHOOKS = "/webhooks/"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")


def caller_of(sandbox: Sandbox, call: Call) -> Caller:
    """Return who makes a call.

    Raises:
        Refusal: nobody the account knows, or somebody whose token has ended.
    """
    if hapikey := call.one("hapikey"):
        return _developer(sandbox, call, hapikey)
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise not_authenticated()
    if hmac.compare_digest(token.encode(), sandbox.hubspot_token.encode()):
        if call.path.startswith(_WEBHOOKS):
            raise missing_scopes(["oauth"])  # webhooks belong to apps: service keys have none
        return "key"
    if not _TOKEN.fullmatch(token):
        raise malformed_token(sandbox.settings.hubspot_malformed_token_status)
    _check_access_token(sandbox, token)
    return "app"


def _developer(sandbox: Sandbox, call: Call, hapikey: str) -> Caller:
    """Only what belongs to apps still takes a developer's key: it is no key to accounts."""
    known = sandbox.hubspot_developer_key
    if not call.path.startswith(_WEBHOOKS) or not hmac.compare_digest(
        hapikey.encode(), known.encode()
    ):
        raise Refusal("The API key provided is invalid.", 401, "INVALID_AUTHENTICATION")
    return "developer"


def _check_access_token(sandbox: Sandbox, text: str) -> None:
    token = find_token(sandbox, "access", text)
    if token is None:
        raise not_authenticated()
    if (left := seconds_left(sandbox, token)) <= 0:
        raise expired_authentication(-left, instant(from_ms(token.ends_at)))
