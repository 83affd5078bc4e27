"""Which app asks: its id and secret, in the header or in the body."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qs

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.sessions.refusals import OAuthRefusal
from connectors.sandbox.web import Call

Form = Mapping[str, str]


def form_of(call: Call) -> dict[str, str]:
    """Return the fields of a form, with those of the address below them."""
    sent = parse_qs(call.body.decode(errors="replace"))
    return dict(call.query) | {name: values[0] for name, values in sent.items()}


def check_client(sandbox: Sandbox, call: Call, form: Form, *, needs_secret: bool) -> None:
    """Check that the app of this org asks; a secret that is given must be right in any case.

    Raises:
        OAuthRefusal: another app, or a wrong secret.
    """
    client_id, client_secret = _basic_pair(call) or (
        form.get("client_id", ""),
        form.get("client_secret", ""),
    )
    known = sandbox.credentials(call.base_url)["salesforce"]
    if not _same(client_id, known["client_id"]):
        raise OAuthRefusal("invalid_client_id", "client identifier invalid")
    if (client_secret or needs_secret) and not _same(client_secret, known["client_secret"]):
        raise OAuthRefusal("invalid_client", "invalid client credentials")


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


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
