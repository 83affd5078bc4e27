"""The session under simple-salesforce."""

from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.http import Transport, open_session
from connectors.salesforce.auth import SalesforceToken


class _PlainHttpSession(requests.Session):
    """Sends the SDK's https addresses to the configured http address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._secure = "https://" + urlsplit(address).netloc
        self._address = address

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        url = str(request.url)
        if url.startswith(self._secure):
            request.url = self._address + url.removeprefix(self._secure)
        return super().send(request, **options)


def open_sdk_session(transport: Transport, address: str, auth: SalesforceToken) -> requests.Session:
    """Return a session that signs, sends and reaches plain http where the address says so."""
    session = _PlainHttpSession(address)
    open_session(transport, address, session)
    session.auth = auth
    return session
