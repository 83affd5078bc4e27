"""Signing HubSpot calls: by a service key that never ends, or as an OAuth app.

Source: developers.hubspot.com, "Service keys", "OAuth quickstart guide", "Manage OAuth tokens".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec
import requests
from filelock import FileLock, Timeout

from connectors.answers import decode
from connectors.errors import AuthError, ConfigError, InvalidRequestError, UnavailableError
from connectors.hubspot.paths import Paths
from connectors.signing import Bearer, RenewedBearer

_PATHS = Paths("v3")
_LOCK_SECONDS = 120.0
"""How long a process waits for another one that is asking for a token."""


class ServiceKey(Bearer):
    """Signs requests with a token that never ends."""

    def __init__(self, access_token: str) -> None:
        self._token = _clean("access_token", access_token)

    def authorization(self, refused: str = "") -> str:  # noqa: ARG002 - there is no other key
        """Return the header."""
        return f"Bearer {self._token}"


class RefreshTokens(Protocol):
    """Where an app's refresh token lies, which HubSpot may replace whenever it is used."""

    def read(self) -> str:
        """Return the token to use now."""

    def keep(self, token: str) -> None:
        """Keep a new token for good before this returns: the old one is worth nothing now."""


class _Grant(msgspec.Struct):
    access_token: str
    refresh_token: str = ""


class OAuthToken(RenewedBearer):
    """Access tokens of an installed app, each good for 30 minutes."""

    def __init__(
        self, session: requests.Session, base_url: str, login: "AppLogin", paths: Paths
    ) -> None:
        super().__init__()
        self._session = session
        self._url = base_url + paths.token()
        self._login = login

    def ask(self) -> str:
        """Return a new access token, once the refresh token that came with it is kept.

        Raises:
            AuthError: HubSpot knows no such app or refresh token.
        """
        tokens = self._login.tokens
        with self._login.lock():
            # Read under the lock: another process may have been given a new one just now.
            used = tokens.read()
            grant = self._redeem(used)
            if grant.refresh_token and grant.refresh_token != used:
                tokens.keep(grant.refresh_token)
        return grant.access_token

    def _redeem(self, refresh_token: str) -> _Grant:
        form = {
            "grant_type": "refresh_token",
            "client_id": self._login.client_id.strip(),
            "client_secret": self._login.client_secret.strip(),
            "refresh_token": refresh_token,
        }
        try:
            return decode("hubspot", self._session.post(self._url, data=form), _Grant)
        except InvalidRequestError as refusal:
            step = "connect the app to the account again, and set its new refresh token"
            raise AuthError("hubspot", refusal.where, refusal.what, step) from refusal


@dataclass(frozen=True)
class KeyLogin:
    """A service key, or the token of an older private app."""

    access_token: str = field(repr=False)

    def open(self, session: requests.Session, base_url: str, paths: Paths = _PATHS) -> Bearer:  # noqa: ARG002
        """Return what signs the calls."""
        return ServiceKey(self.access_token)

    def identity(self) -> tuple[str, ...]:
        """Return what tells this login from others."""
        return ("key", self.access_token.strip())


@dataclass(frozen=True)
class AppLogin:
    """An OAuth app that somebody has connected to the account."""

    client_id: str
    client_secret: str = field(repr=False)
    tokens: RefreshTokens = field(repr=False)
    lock_file: Path | None = None
    """Held while a token is asked for, so that two processes don't use one refresh token."""
    lock_seconds: float = _LOCK_SECONDS

    def open(self, session: requests.Session, base_url: str, paths: Paths = _PATHS) -> Bearer:
        """Return what signs the calls.

        Raises:
            ConfigError: a part is missing or holds odd characters.
        """
        _clean("client_id", self.client_id)
        _clean("client_secret", self.client_secret)
        return OAuthToken(session, base_url, self, paths)

    def identity(self) -> tuple[str, ...]:
        """Return what tells this login from others: an app's window is its own."""
        return ("app", self.client_id.strip())

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock between processes.

        Raises:
            UnavailableError: another process has held it for two minutes.
        """
        if self.lock_file is None:
            yield
            return
        self.lock_file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.lock_file)
        try:
            lock.acquire(timeout=self.lock_seconds)
        except Timeout as waited:
            what = "another process has been asking for a token for too long"
            raise UnavailableError("hubspot", self.lock_file.name, what) from waited
        try:
            yield
        finally:
            lock.release()


Login = KeyLogin | AppLogin


def _clean(name: str, text: str) -> str:
    text = text.strip()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigError("hubspot", name, "it is empty or holds odd characters")
    return text
