"""Who a session runs as, whether it lives, and its end.

Source: Salesforce Help, "Identity URLs", "The UserInfo Endpoint", "Revoke OAuth Tokens" and "OpenID
Connect Token Introspection".
"""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.clock import to_ms
from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.sessions.clients import check_client, form_of
from connectors.sandbox.salesforce.sessions.codes import revoke_refresh_token
from connectors.sandbox.salesforce.sessions.refusals import OAuthRefusal
from connectors.sandbox.salesforce.sessions.tokens import (
    ORGANIZATION,
    check_session,
    end_session,
    identity_url,
    living_session,
)
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.web import Answer, Call, Endpoint

_IDENTITY = "/id/{organization}/{user}"


def tell_user(sandbox: Sandbox, call: Call) -> Answer:
    """GET /services/oauth2/userinfo: who the session runs as."""
    user = _user(sandbox)
    own = {name: user[column] for name, column in _USER_INFO.items()}
    return Answer(
        200,
        {
            "sub": identity_url(call.base_url),
            **own,
            **_always(call, user),
            "nickname": user["Username"].partition("@")[0],
            "profile": f"{call.base_url}/{INTEGRATION_USER}",
            "picture": "",
            "address": {},
        },
    )


def tell_identity(sandbox: Sandbox, call: Call) -> Answer:
    """GET /id/ORG/USER: the address that every grant answers as `id`."""
    check_session(sandbox, call)
    user = _user(sandbox)
    named = (call.arguments["organization"][:15], call.arguments["user"][:15])
    if named != (ORGANIZATION[:15], INTEGRATION_USER[:15]):
        raise Refusal("NOT_FOUND", "Bad_Id", 404)
    own = {name: user[column] for name, column in _IDENTITY_NAMES.items()}
    return Answer(
        200,
        {
            "id": identity_url(call.base_url),
            "asserted_user": True,
            **own,
            **_always(call, user),
            "nick_name": user["Username"].partition("@")[0],
            **_NO_ADDRESS,
            "mobile_phone_verified": False,
            "is_lightning_login_user": False,
            "status": {"created_date": None, "body": None},
            "is_app_installed": True,
        },
    )


def _always(call: Call, user: Mapping[str, Any]) -> dict[str, Any]:
    """Return what both addresses tell alike."""
    return {
        "user_id": INTEGRATION_USER,
        "organization_id": ORGANIZATION,
        "email": user["Email"],
        "email_verified": True,
        "photos": {},
        "urls": _urls(call.base_url),
        "active": True,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "en_US",
        "utcOffset": 0,
    }


_USER_INFO = {
    "preferred_username": "Username",
    "name": "Name",
    "given_name": "FirstName",
    "family_name": "LastName",
    "zoneinfo": "TimeZoneSidKey",
    "updated_at": "LastModifiedDate",
}
"""What userinfo calls fields of the user; the identity address has other names for them."""
_IDENTITY_NAMES = {
    "username": "Username",
    "display_name": "Name",
    "first_name": "FirstName",
    "last_name": "LastName",
    "timezone": "TimeZoneSidKey",
    "last_modified_date": "LastModifiedDate",
}
_NO_ADDRESS = dict.fromkeys(
    ("addr_street", "addr_city", "addr_state", "addr_country", "addr_zip", "mobile_phone")
)


def revoke(sandbox: Sandbox, call: Call) -> Answer:
    """POST or GET /services/oauth2/revoke: a session, or a refresh token."""
    token = form_of(call).get("token", "")
    if end_session(sandbox, token) or revoke_refresh_token(sandbox, token):
        return Answer(200, "")
    return OAuthRefusal("unsupported_token_type", "this token type is not supported").answer()


def introspect(sandbox: Sandbox, call: Call) -> Answer:
    """POST /services/oauth2/introspect: whether a session lives, and until when."""
    form = form_of(call)
    try:
        check_client(sandbox, call, form, needs_secret=True)
    except OAuthRefusal as refusal:
        return refusal.answer()
    token = form.get("token", "")
    if living_session(sandbox, token) is None:
        return Answer(200, {"active": False})
    expires = sandbox.store.value(
        "select expires_at from salesforce_sessions where token = ?", token
    )
    return Answer(
        200,
        {
            "active": True,
            "scope": "api",
            "client_id": sandbox.credentials(call.base_url)["salesforce"]["client_id"],
            "username": _user(sandbox)["Username"],
            "sub": identity_url(call.base_url),
            "token_type": "access_token",
            "exp": to_ms(moment_of(expires)) // 1000,
        },
    )


def _user(sandbox: Sandbox) -> dict[str, Any]:
    row = sandbox.store.row("select * from salesforce_User where Id = ?", INTEGRATION_USER)
    if row is None:
        raise Refusal("NOT_FOUND", "The API user is not there", 404)
    return dict(row)


def _urls(base_url: str) -> dict[str, str]:
    data, soap = f"{base_url}/services/data/v{{version}}", f"{base_url}/services/Soap"
    return {
        "enterprise": f"{soap}/c/{{version}}/{ORGANIZATION[:15]}",
        "metadata": f"{soap}/m/{{version}}/{ORGANIZATION[:15]}",
        "partner": f"{soap}/u/{{version}}/{ORGANIZATION[:15]}",
        "rest": f"{data}/",
        "sobjects": f"{data}/sobjects/",
        "search": f"{data}/search/",
        "query": f"{data}/query/",
        "recent": f"{data}/recent/",
        "tooling_soap": f"{soap}/T/{{version}}/{ORGANIZATION[:15]}",
        "tooling_rest": f"{data}/tooling/",
        "profile": f"{base_url}/{INTEGRATION_USER}",
        "custom_domain": base_url,
    }


OPEN_ENDPOINTS = (
    Endpoint("POST", "/services/oauth2/revoke", revoke, "auth"),
    Endpoint("GET", "/services/oauth2/revoke", revoke, "auth"),
    Endpoint("POST", "/services/oauth2/introspect", introspect, "auth"),
    Endpoint("GET", _IDENTITY, tell_identity, "auth"),
    Endpoint("POST", _IDENTITY, tell_identity, "auth"),
)
"""They look at the session themselves, if they need one; none of them counts."""
ENDPOINTS = (
    Endpoint("GET", "/services/oauth2/userinfo", tell_user, "auth"),
    Endpoint("POST", "/services/oauth2/userinfo", tell_user, "auth"),
)
