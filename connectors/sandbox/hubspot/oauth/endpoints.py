"""The OAuth endpoints: installing the app, codes and refresh tokens for access tokens.

The v1 path, v3 and the date-based ones answer alike, but v1 alone looks into the query as well:
from v3 on, secrets stand in bodies only.
"""

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import oauth_refused
from connectors.sandbox.hubspot.facts import APP_ID, PORTAL_ID
from connectors.sandbox.hubspot.loopback import loopback_address
from connectors.sandbox.hubspot.oauth.scopes import granted_scopes
from connectors.sandbox.hubspot.oauth.tokens import Token, find_token, issue, revoke, seconds_left
from connectors.sandbox.web import Answer, Call, Endpoint

CODE_SECONDS = 600
HUB_DOMAIN, USER, USER_ID = "sandbox.example", "admin@sandbox.example", 11_000_001


def authorize(sandbox: Sandbox, call: Call) -> Answer:
    """GET oauth/authorize: installs the app without asking anybody, and sends the code back."""
    redirect_uri, state = call.one("redirect_uri"), call.one("state")
    if call.one("client_id") != sandbox.hubspot_client_id:
        raise oauth_refused("BAD_CLIENT_ID", "missing or unknown client id")
    address = loopback_address(redirect_uri)
    if address is None:
        raise oauth_refused("BAD_REDIRECT_URI", "this account sends codes to loopback only")
    code = issue(sandbox, "code", CODE_SECONDS, redirect_uri).text
    told = urlencode({"code": code, **({"state": state} if state else {})})
    query = f"{address.query}&{told}" if address.query else told
    return Answer(302, None, {"Location": address._replace(query=query).url})


def give_tokens_v1(sandbox: Sandbox, call: Call) -> Answer:
    """POST oauth/v1/token: with what is needed in the body or in the query."""
    return _given_tokens(sandbox, {**dict(call.query), **_form(call)})


def give_tokens(sandbox: Sandbox, call: Call) -> Answer:
    """POST oauth/v3/token: with what is needed in the body."""
    return _given_tokens(sandbox, _form(call))


def _form(call: Call) -> dict[str, str]:
    return dict(parse_qsl(call.body.decode(errors="replace"), keep_blank_values=True))


def _given_tokens(sandbox: Sandbox, form: Mapping[str, str]) -> Answer:
    """Answer with an access token for a code or a refresh token.

    Raises:
        Refusal: the app, the grant, or what it brings is unknown.
    """
    _check_client(sandbox, form)
    grant = form.get("grant_type", "")
    if grant == "authorization_code":
        refresh = _redeemed(sandbox, form)
    elif grant == "refresh_token":
        refresh = _refreshed(sandbox, form)
    else:
        raise oauth_refused("BAD_GRANT_TYPE", "missing or unknown grant type")
    seconds = sandbox.settings.hubspot_access_token_seconds
    access = issue(sandbox, "access", seconds)
    body = {
        "token_type": "bearer",
        "refresh_token": refresh.text,
        "access_token": access.text,
        "hub_id": PORTAL_ID,
        "scopes": granted_scopes(sandbox.settings),
        "expires_in": seconds,
    }
    return Answer(200, body)


def _check_client(sandbox: Sandbox, form: Mapping[str, str]) -> None:
    if form.get("client_id") != sandbox.hubspot_client_id:
        raise oauth_refused("BAD_CLIENT_ID", "missing or unknown client id")
    secret = form.get("client_secret", "").encode()
    if not hmac.compare_digest(secret, sandbox.hubspot_client_secret.encode()):
        raise oauth_refused("BAD_CLIENT_SECRET", "missing or invalid client secret")


def _redeemed(sandbox: Sandbox, form: Mapping[str, str]) -> Token:
    code = find_token(sandbox, "code", form.get("code", ""))
    if code is None:
        raise oauth_refused("BAD_AUTH_CODE", "missing or unknown auth code")
    if seconds_left(sandbox, code) <= 0:
        raise oauth_refused("EXPIRED_AUTH_CODE", "authorization code expired")
    if code.redirect_uri != form.get("redirect_uri", ""):
        message = "redirect URI does not match initial auth code URI"
        raise oauth_refused("MISMATCH_REDIRECT_URI_AUTH_CODE", message)
    revoke(sandbox.store, code)
    return issue(sandbox, "refresh")


def _refreshed(sandbox: Sandbox, form: Mapping[str, str]) -> Token:
    held = find_token(sandbox, "refresh", form.get("refresh_token", ""))
    if held is None:
        raise oauth_refused("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
    if not sandbox.settings.hubspot_rotates_refresh_tokens:
        return held
    revoke(sandbox.store, held)
    return issue(sandbox, "refresh")


def tell_access_token(sandbox: Sandbox, call: Call) -> Answer:
    """GET oauth/v1/access-tokens/TOKEN: also one that has ended is refused."""
    token = find_token(sandbox, "access", call.arguments["token"])
    if token is None or seconds_left(sandbox, token) <= 0:
        raise oauth_refused("BAD_ACCESS_TOKEN", "access token is missing or has expired")
    told = {"app_id": APP_ID, "expires_in": seconds_left(sandbox, token)}
    return Answer(200, _about(sandbox, token, "access") | told)


def tell_refresh_token(sandbox: Sandbox, call: Call) -> Answer:
    """GET oauth/v1/refresh-tokens/TOKEN."""
    token = _held(sandbox, call)
    return Answer(200, _about(sandbox, token, "refresh") | {"client_id": sandbox.hubspot_client_id})


def delete_refresh_token(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE oauth/v1/refresh-tokens/TOKEN: access tokens live on until they end."""
    revoke(sandbox.store, _held(sandbox, call))
    return Answer(204)


def _held(sandbox: Sandbox, call: Call) -> Token:
    token = find_token(sandbox, "refresh", call.arguments["token"])
    if token is None:
        raise oauth_refused("BAD_REFRESH_TOKEN", "missing or invalid refresh token", 404)
    return token


def _about(sandbox: Sandbox, token: Token, kind: str) -> dict[str, Any]:
    return {
        "token": token.text,
        "user": USER,
        "hub_domain": HUB_DOMAIN,
        "scopes": granted_scopes(sandbox.settings),
        "hub_id": PORTAL_ID,
        "user_id": USER_ID,
        "token_type": kind,
    }


_REFRESH = "/oauth/v1/refresh-tokens/{token}"
OPEN_ENDPOINTS = (
    Endpoint("GET", "/oauth/authorize", authorize, "auth"),
    Endpoint("POST", "/oauth/v1/token", give_tokens_v1, "auth"),
    Endpoint("POST", "/oauth/v3/token", give_tokens, "auth"),
    Endpoint("GET", "/oauth/v1/access-tokens/{token}", tell_access_token, "auth"),
    Endpoint("GET", _REFRESH, tell_refresh_token, "auth"),
    Endpoint("DELETE", _REFRESH, delete_refresh_token, "auth"),
)
