"""simple-salesforce and the session under it."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from connectors.http import Transport, open_session
from connectors.salesforce.auth import SalesforceToken

if TYPE_CHECKING:
    from simple_salesforce.api import Salesforce


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


def open_sdk(
    transport: Transport, address: str, auth: SalesforceToken, api_version: str
) -> "Salesforce":
    """Return the SDK over our transport."""
    # zeep and httpx come with it: 20 MB that nobody needs who only reads (2026-11-22).
    from simple_salesforce.api import Salesforce  # noqa: PLC0415

    sdk = Salesforce(
        session_id="signed-by-the-session",
        instance_url=address,
        version=api_version,
        session=open_sdk_session(transport, address, auth),
        parse_float=Decimal,
        object_pairs_hook=dict,
    )
    sdk.headers["X-PrettyPrint"] = "0"
    return sdk
