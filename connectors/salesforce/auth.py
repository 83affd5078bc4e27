"""OAuth client credentials for Salesforce, as authentication of a `requests` session.

simple-salesforce can log in by itself, but it drops the caller's headers when it renews a token
in the middle of a call, so the token is ours to keep.
Source: OAuth 2.0 Client Credentials Flow for Server-to-Server Integration (Salesforce Help).
"""

import threading
from typing import Any

import msgspec
import requests
from requests.auth import AuthBase, HTTPBasicAuth

from connectors.answers import decode
from connectors.errors import ConfigError, NotFoundError, UnreadableAnswerError
from connectors.faults import CHECK_BASE_URL

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path


class _Grant(msgspec.Struct):
    access_token: str
    id: str = ""
    """Identity URL: .../id/<organisation id>/<user id>."""


class ClientCredentials(AuthBase):
    """Keeps one token in memory and renews it once when Salesforce calls it expired."""

    def __init__(
        self, session: requests.Session, base_url: str, client_id: str, client_secret: str
    ) -> None:
        self._session = session
        self._base_url = base_url
        self._basic = HTTPBasicAuth(client_id, client_secret)
        self._lock = threading.Lock()
        self._grant: _Grant | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the request and watch for an expired token."""
        request.headers["Authorization"] = self._bearer()
        request.register_hook(  # type: ignore[no-untyped-call]
            "response", self._replay_if_expired
        )
        return request

    def user_id(self) -> str:
        """Return the id of the user that our calls run as.

        Raises:
            ConfigError: where the token names no user.
        """
        self._bearer()
        user = self._grant.id.rpartition("/")[2] if self._grant else ""
        if not user:
            raise ConfigError("salesforce", TOKEN_PATH, "the token names no run-as user")
        return user

    def _bearer(self, refused: str = "") -> str:
        with self._lock:
            if self._grant is None or f"Bearer {self._grant.access_token}" == refused:
                self._grant = self._ask()
            return f"Bearer {self._grant.access_token}"

    def _ask(self) -> _Grant:
        try:
            response = self._session.post(
                self._base_url + TOKEN_PATH,
                data={"grant_type": "client_credentials"},
                auth=self._basic,
            )
            return decode("salesforce", response, _Grant)
        except (NotFoundError, UnreadableAnswerError) as fault:
            what = "no Salesforce gives tokens at this address"
            raise ConfigError("salesforce", fault.where, what, CHECK_BASE_URL) from fault

    def _replay_if_expired(self, response: requests.Response, **options: Any) -> requests.Response:
        if response.status_code != requests.codes.unauthorized:
            return response
        request = response.request.copy()
        # The headers stay as they were: losing Sforce-Auto-Assign here would reassign owners.
        request.headers["Authorization"] = self._bearer(response.request.headers["Authorization"])
        transport = self._session.get_adapter(str(request.url))
        return transport.send(request, **options)
