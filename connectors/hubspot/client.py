"""hubspot-api-client, doing its calls through our transport.

The SDK's `ApiClient` takes any path and hands back raw answers; its REST layer, which lacks
time-outs and gives up on 429 for POST, is replaced by one that sends through our session.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import requests
from hubspot import HubSpot
from hubspot.crm.contacts.rest import RESTClientObject

from connectors.answers import decode, read_clock
from connectors.errors import ConfigError, NotFoundError
from connectors.faults import CHECK_BASE_URL
from connectors.http import RetryPolicy, Transport, check_base_url, open_session
from connectors.hubspot.answers import Property, PropertyList, RecordPage
from connectors.hubspot.auth import ServiceKey
from connectors.hubspot.dialect import CALLS_PER_TEN_SECONDS, build_dialect
from connectors.hubspot.paths import Paths
from connectors.records import CallCounts, FieldType

Answer = TypeVar("Answer")
Params = Mapping[str, str | int]


class HubSpotClient:
    """The calls we make of one HubSpot account."""

    def __init__(self, sdk: Any, transport: Transport, paths: Paths) -> None:
        self._sdk = sdk
        self._transport = transport
        self.paths = paths
        self.answers = 0
        """Requests that HubSpot has answered without a refusal."""

    @classmethod
    def connect(
        cls,
        base_url: str,
        access_token: str,
        api_version: str = "v3",
        policy: RetryPolicy | None = None,
        calls_per_ten_seconds: int = CALLS_PER_TEN_SECONDS,
    ) -> "HubSpotClient":
        """Prepare a client; nothing is sent yet.

        Raises:
            ConfigError: where a setting is missing, no address or no version.
        """
        if not api_version.strip():
            raise ConfigError("hubspot", "api_version", "it is empty")
        address = check_base_url("hubspot", base_url)
        dialect = build_dialect(calls_per_ten_seconds)
        transport = Transport(dialect, policy)
        session = open_session(transport, dialect, address)
        session.auth = ServiceKey(access_token)
        sdk = HubSpot(host=address).crm.contacts.basic_api.api_client
        sdk.rest_client = _RestLayer(session)
        return cls(sdk, transport, Paths(api_version.strip()))

    @property
    def calls(self) -> CallCounts:
        """HTTP requests made so far."""
        return self._transport.calls

    def now(self) -> datetime:
        """Return HubSpot's own time (UTC, whole seconds).

        Raises:
            ConfigError: where no HubSpot of this API version is at the address.
        """
        try:
            self.get(self.paths.objects("contacts"), {"limit": 1}, RecordPage)
        except NotFoundError as fault:
            what = f"no HubSpot API {self.paths.version} is at this address"
            raise ConfigError("hubspot", fault.where, what, CHECK_BASE_URL) from fault
        return self.latest_time()

    def latest_time(self) -> datetime:
        """Return HubSpot's time as its latest answer stated it (UTC, whole seconds)."""
        return read_clock("hubspot", self._transport.latest_date)

    def get(self, path: str, params: Params, shape: type[Answer]) -> Answer:
        """Return the answer to a GET, checked against its shape."""
        return decode("hubspot", self._call("GET", path, params), shape)

    def post(
        self,
        path: str,
        body: Mapping[str, object],
        shape: type[Answer],
        params: Params | None = None,
    ) -> Answer:
        """Return the answer to a POST, checked against its shape."""
        return decode("hubspot", self._call("POST", path, params or {}, body), shape)

    def properties(self, object_name: str) -> list[Property]:
        """Return every property of an object."""
        return self.get(self.paths.properties(object_name), {}, PropertyList).results

    def _call(
        self, method: str, path: str, params: Params, body: Mapping[str, object] | None = None
    ) -> requests.Response:
        response: requests.Response = self._sdk.call_api(
            path,
            method,
            query_params=list(params.items()),
            header_params={"Accept": "application/json"},
            body=body,
            _preload_content=False,
        )
        self.answers += 1
        return response


def typed_properties(properties: Sequence[Property]) -> dict[str, FieldType]:
    """Return the type of each property."""
    return {found.name: _TYPES.get(found.type, "string") for found in properties}


_TYPES: Mapping[str, FieldType] = {
    "number": "decimal",
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
}


class _RestLayer(RESTClientObject):  # type: ignore[misc]
    """The SDK's REST layer over a session; keeps none of the SDK's own connection pools."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def request(
        self,
        method: str,
        url: str,
        query_params: Sequence[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        **_options: object,
    ) -> requests.Response:
        headers = {"Content-Type": "application/json", **(headers or {})}
        data = None if body is None else json.dumps(body)
        params = [(name, str(value)) for name, value in query_params or ()]
        return self._session.request(method, url, params=params, headers=headers, data=data)
