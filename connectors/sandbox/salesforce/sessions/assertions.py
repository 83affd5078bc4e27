"""JWT bearer: a client without a secret proves who it is by a signature.

Source: Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration". A client
dates its assertion by its own clock or by the `Date` of an answer: either will do.
"""

import re
import time
from collections.abc import Sequence
from typing import Any

import jwt

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.sessions.keys import public_key
from connectors.sandbox.salesforce.sessions.refusals import OAuthRefusal, invalid_grant

LONGEST_SECONDS = 300
_AUDIENCES = re.compile(r"https://(login|test|[a-z0-9-]+(\.[a-z]+)*\.my)\.salesforce\.com/?")


def check_assertion(sandbox: Sandbox, assertion: str, base_url: str) -> None:
    """Check that an assertion lets the API user in.

    Raises:
        OAuthRefusal: it is forged, for somebody else, out of time, or not approved.
    """
    claims = _claims(assertion, sandbox)
    known = sandbox.credentials(base_url)["salesforce"]
    if claims.get("iss") != known["client_id"]:
        raise OAuthRefusal("invalid_client_id", "client identifier invalid")
    audience = claims.get("aud")
    if not isinstance(audience, str) or not (
        _AUDIENCES.fullmatch(audience) or audience.rstrip("/") == base_url
    ):
        raise invalid_grant("audience is invalid")
    _check_time(claims.get("exp"), (time.time(), sandbox.clock.now.timestamp()))
    approved = sandbox.settings.salesforce_approves_jwt
    if not approved or str(claims.get("sub")).lower() != known["username"].lower():
        raise invalid_grant("user hasn't approved this consumer")


def _claims(assertion: str, sandbox: Sandbox) -> dict[str, Any]:
    unread = ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_sub")
    options = dict.fromkeys(unread, False)
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            public_key(sandbox),
            algorithms=["RS256"],
            options=options,  # type: ignore[arg-type]
        )
    except jwt.InvalidTokenError as error:
        raise invalid_grant("invalid assertion") from error
    return claims


def _check_time(expires: Any, clocks: Sequence[float]) -> None:
    """Check the end of an assertion's life, by any of several clocks.

    Args:
        expires: Seconds since 1970, as a number or as a text.
        clocks: What each of them shows, in seconds since 1970.
    """
    try:
        lives = [float(expires) - now for now in clocks]
    except (TypeError, ValueError, OverflowError):
        raise invalid_grant("invalid assertion") from None
    if any(0 < left <= LONGEST_SECONDS for left in lives):
        return
    if min(lives, key=abs) <= 0:
        raise invalid_grant("expired authorization code")
    raise invalid_grant("invalid assertion")
