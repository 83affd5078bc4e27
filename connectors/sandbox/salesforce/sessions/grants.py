"""POST /services/oauth2/token: the ways to a session, one function each.

Source: Salesforce Help, "OAuth Authorization Flows".
"""

from collections.abc import Callable, Mapping

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.sessions.assertions import check_assertion
from connectors.sandbox.salesforce.sessions.clients import Form, check_client, form_of
from connectors.sandbox.salesforce.sessions.codes import (
    is_challenged,
    redeem_code,
    use_refresh_token,
)
from connectors.sandbox.salesforce.sessions.refusals import OAuthRefusal, invalid_grant
from connectors.sandbox.salesforce.sessions.tokens import open_session
from connectors.sandbox.web import Answer, Call, Endpoint

Body = dict[str, str]
Grant = Callable[[Sandbox, Call, Form], Body]


def give_token(sandbox: Sandbox, call: Call) -> Answer:
    """POST /services/oauth2/token."""
    form = form_of(call)
    grant = _GRANTS.get(form.get("grant_type", ""))
    try:
        if grant is None:
            raise OAuthRefusal("unsupported_grant_type", "grant type not supported")
        return Answer(200, grant(sandbox, call, form), {"Cache-Control": "no-cache, no-store"})
    except OAuthRefusal as refusal:
        return refusal.answer()


def refuse_method(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - as handlers are called
    """GET /services/oauth2/token."""
    return OAuthRefusal("invalid_request", "must use HTTP POST").answer()


def _by_client(sandbox: Sandbox, call: Call, form: Form) -> Body:
    check_client(sandbox, call, form, needs_secret=True)
    return open_session(sandbox, call.base_url)


def _by_assertion(sandbox: Sandbox, call: Call, form: Form) -> Body:
    check_assertion(sandbox, form.get("assertion", ""), call.base_url)
    opened = open_session(sandbox, call.base_url)
    # This flow alone answers without a signature.
    return {name: opened[name] for name in opened if name not in ("signature", "issued_at")}


def _by_code(sandbox: Sandbox, call: Call, form: Form) -> Body:
    check_client(sandbox, call, form, needs_secret=not is_challenged(sandbox, form))
    token = redeem_code(sandbox, form)
    return {**open_session(sandbox, call.base_url, token), "refresh_token": token}


def _by_refresh_token(sandbox: Sandbox, call: Call, form: Form) -> Body:
    check_client(sandbox, call, form, needs_secret=False)
    token = form.get("refresh_token", "")
    following = use_refresh_token(sandbox, token)
    opened = open_session(sandbox, call.base_url, following or token)
    return opened if following is None else {**opened, "refresh_token": following}


def _by_password(sandbox: Sandbox, call: Call, form: Form) -> Body:
    check_client(sandbox, call, form, needs_secret=True)
    # An org that blocks this flow says no more than that it failed.
    known = sandbox.credentials(call.base_url)["salesforce"]
    given = (form.get("username", ""), form.get("password", ""))
    allowed = sandbox.settings.salesforce_password_grant
    if not allowed or given != (known["username"], known["password"]):
        raise invalid_grant("authentication failure")
    return open_session(sandbox, call.base_url)


_GRANTS: Mapping[str, Grant] = {
    "client_credentials": _by_client,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": _by_assertion,
    "authorization_code": _by_code,
    "hybrid_refresh": _by_refresh_token,
    "refresh_token": _by_refresh_token,
    "password": _by_password,
}
_TOKEN = "/services/oauth2/token"  # noqa: S105 - an address
ENDPOINTS = (
    Endpoint("POST", _TOKEN, give_token, "auth"),
    Endpoint("GET", _TOKEN, refuse_method, "auth"),
)
"""Open to requests without a session."""
