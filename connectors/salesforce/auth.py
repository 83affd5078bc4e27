"""Getting a Salesforce token: by an app's secret, or by its key (JWT bearer).

simple-salesforce can log in by itself, but it drops the caller's headers when it renews a token
in the middle of a call, so the token is ours to keep.
Source: OAuth 2.0 Client Credentials Flow and OAuth 2.0 JWT Bearer Flow for Server-to-Server
Integration (Salesforce Help).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, cast
from urllib.parse import urlsplit

import msgspec
import requests
from requests.auth import HTTPBasicAuth

from connectors.answers import decode, read_clock
from connectors.errors import AuthError, ConfigError, NotFoundError
from connectors.faults import CHECK_BASE_URL
from connectors.http import Transport
from connectors.maintenance import outlast
from connectors.signing import RenewedBearer

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path
VERSIONS_PATH = "/services/data"
"""Anybody may ask which API versions there are, at no cost to the org's quota."""
ASSERTION_LIFE = timedelta(minutes=3)
"""Salesforce takes no more than five minutes."""
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class _Grant(msgspec.Struct):
    access_token: str
    id: str = ""
    """Identity URL: .../id/<organisation id>/<user id>."""


class SalesforceToken(RenewedBearer, ABC):
    """A session of the user that our calls run as."""

    advice: ClassVar[str]
    """What to do where Salesforce knows the app and gives it no token."""

    def __init__(self, session: requests.Session, base_url: str) -> None:
        super().__init__()
        self._session = session
        self._base_url = base_url
        self._identity = ""

    def user_id(self) -> str:
        """Return the id of the user that our calls run as.

        Raises:
            ConfigError: where the token names no user.
        """
        self.authorization()
        user = self._identity.rpartition("/")[2]
        if not user:
            raise ConfigError("salesforce", TOKEN_PATH, "the token names no run-as user")
        return user

    def ask(self) -> str:
        """Ask Salesforce for a token.

        Raises:
            AuthError: it refuses.
            ConfigError: the address gives no tokens.
            UnreadableAnswerError: no Salesforce answers there, not even after a while.
        """
        try:
            grant = outlast(lambda: decode("salesforce", self.post(), _Grant), self._pause)
        except NotFoundError as fault:
            what = "no Salesforce gives tokens at this address"
            raise ConfigError("salesforce", fault.where, what, CHECK_BASE_URL) from fault
        except AuthError as refusal:
            refusal.next_step = refusal.next_step or self.advice
            raise
        self._identity = grant.id
        return grant.access_token

    def _pause(self, seconds: float) -> None:
        cast("Transport", self._session.get_adapter(self._base_url)).pause(seconds)

    @abstractmethod
    def post(self) -> requests.Response:
        """Send the request for a token."""


class ClientCredentials(SalesforceToken):
    """The app's own id and secret; it runs as the user that the app names."""

    advice = "allow the client credentials flow and choose its run-as user in the app"

    def __init__(
        self, session: requests.Session, base_url: str, client_id: str, client_secret: str
    ) -> None:
        super().__init__(session, base_url)
        self._basic = HTTPBasicAuth(client_id, client_secret)

    def post(self) -> requests.Response:
        """Send id and secret."""
        return self._session.post(
            self._base_url + TOKEN_PATH,
            data={"grant_type": "client_credentials"},
            auth=self._basic,
        )


class JwtBearer(SalesforceToken):
    """An assertion signed with the app's private key, for a user whom it may act for."""

    advice = (
        "check username and audience, upload the key's certificate to the app, and let admins "
        "approve our user for it"
    )

    def __init__(self, session: requests.Session, base_url: str, login: "JwtLogin") -> None:
        super().__init__(session, base_url)
        self._login = login

    def post(self) -> requests.Response:
        """Send an assertion dated by Salesforce's own clock: ours may be minutes off."""
        answer = self._session.get(self._base_url + VERSIONS_PATH)
        now = read_clock("salesforce", answer.headers.get("Date", ""))
        form = {"grant_type": _JWT_GRANT, "assertion": self._login.sign(self._base_url, now)}
        return self._session.post(self._base_url + TOKEN_PATH, data=form)


@dataclass(frozen=True)
class SecretLogin:
    """An External Client App with the client credentials flow."""

    client_id: str
    client_secret: str = field(repr=False)

    def open(self, session: requests.Session, base_url: str) -> SalesforceToken:
        """Return what signs the calls.

        Raises:
            ConfigError: a part is missing.
        """
        client_id, secret = self.client_id.strip(), self.client_secret.strip()
        if not client_id or not secret:
            raise ConfigError("salesforce", "client_id, client_secret", "one of them is empty")
        return ClientCredentials(session, base_url, client_id, secret)

    def identity(self) -> tuple[str, ...]:
        """Return what tells this login from others."""
        return ("secret", self.client_id.strip())


@dataclass(frozen=True)
class JwtLogin:
    """An External Client App with the JWT bearer flow and a certificate."""

    client_id: str
    username: str
    private_key: str = field(repr=False)
    """PEM of an RSA key without a passphrase."""
    audience: str = ""
    """Empty: test.salesforce.com for a sandbox or a scratch org, or else login.salesforce.com."""

    def open(self, session: requests.Session, base_url: str) -> SalesforceToken:
        """Return what signs the calls.

        Raises:
            ConfigError: a part is missing, or the key can't be read.
        """
        if not self.client_id.strip() or not self.username.strip():
            raise ConfigError("salesforce", "client_id, username", "one of them is empty")
        self.sign(base_url, datetime.min.replace(tzinfo=UTC))
        return JwtBearer(session, base_url, self)

    def identity(self) -> tuple[str, ...]:
        """Return what tells this login from others."""
        return ("jwt", self.client_id.strip(), self.username.strip())

    def sign(self, base_url: str, now: datetime) -> str:
        """Return an assertion good for some minutes after `now` (UTC).

        Raises:
            ConfigError: the key can't be read.
        """
        # With it comes cryptography: 9 MB that a login by secret never needs (2026-11-22).
        import jwt  # noqa: PLC0415

        claims = {
            "iss": self.client_id.strip(),
            "sub": self.username.strip(),
            "aud": self.audience.strip() or audience_of(base_url),
            "exp": now + ASSERTION_LIFE,
        }
        try:
            return jwt.encode(claims, self.private_key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            # Not chained: what lies beneath may quote the key.
            what = "not the PEM of an RSA private key without a passphrase"
            raise ConfigError("salesforce", "private key", what) from None


Login = SecretLogin | JwtLogin
_TEST_ORGS = (".sandbox.my.salesforce.com", ".scratch.my.salesforce.com")


def audience_of(base_url: str) -> str:
    """Return who an assertion is for: the login host of production, or of orgs to try things in."""
    host = urlsplit(base_url).hostname or ""
    return f"https://{'test' if host.endswith(_TEST_ORGS) else 'login'}.salesforce.com"
