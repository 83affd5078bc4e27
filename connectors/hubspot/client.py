"""hubspot-api-client, doing its calls through our transport.

The SDK's `ApiClient` takes any path and hands back raw answers; its REST layer, which lacks
time-outs and gives up on 429 for POST, is replaced by one that sends through our session.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
import requests
from hubspot import HubSpot
from hubspot.crm.contacts.rest import RESTClientObject

from connectors.answers import decode, read_clock
from connectors.delivery import Waiting
from connectors.errors import (
    ConfigError,
    ForbiddenError,
    NotFoundError,
)
from connectors.exchange import Reply
from connectors.faults import CHECK_BASE_URL
from connectors.http import Transport, check_base_url, open_session
from connectors.hubspot.answers import Property, PropertyList, RecordPage
from connectors.hubspot.auth import KeyLogin, Login
from connectors.hubspot.dialect import CALLS_PER_TEN_SECONDS, build_dialect, classify
from connectors.hubspot.insisting import ContradictionError, insist
from connectors.hubspot.paths import Paths
from connectors.maintenance import outlast
from connectors.records import Quota
from connectors.retries import RetryPolicy
from connectors.sharing import Sharing, credential_key
from connectors.tally import CallCounts

Answer = TypeVar("Answer")

A_MOMENT = timedelta(minutes=5)
"""How long a description of properties stays good for those who only list them."""

Params = Mapping[str, str | int]


@dataclass(frozen=True)
class Described:
    """The properties of an object, and when HubSpot told them (UTC, by its clock)."""

    at: datetime
    properties: Sequence[Property]


class HubSpotClient:
    """The calls we make of one HubSpot account."""

    def __init__(self, sdk: Any, transport: Transport, paths: Paths, address: str) -> None:
        self._sdk = sdk
        self._transport = transport
        self._address = address
        self.paths = paths
        self._described: dict[str, Described] = {}
        self._latest_date = ""
        """The Date header of the latest answer to any thread."""

    @classmethod
    def connect(
        cls,
        base_url: str,
        login: str | Login,
        api_version: str = "v3",
        policy: RetryPolicy | None = None,
        calls_per_ten_seconds: int | None = CALLS_PER_TEN_SECONDS,
        *,
        sharing: Sharing | None = None,
        waiting: Waiting | None = None,
    ) -> "HubSpotClient":
        """Prepare a client; nothing is sent yet. A text is a service key.

        Raises:
            ConfigError: where a setting is missing, no address or no version.
        """
        if not api_version.strip():
            raise ConfigError("hubspot", "api_version", "it is empty")
        address = check_base_url("hubspot", base_url)
        dialect = build_dialect(calls_per_ten_seconds)
        login = KeyLogin(login) if isinstance(login, str) else login
        key = credential_key(address, *login.identity())
        transport = Transport(dialect, policy, sharing, key, waiting)
        paths = Paths(api_version.strip())
        transport.bearer = login.open(open_session(transport, address), address, paths)
        session = open_session(transport, address)
        session.auth = transport.bearer
        sdk = HubSpot(host=address).crm.contacts.basic_api.api_client
        sdk.rest_client = _RestLayer(session)
        return cls(sdk, transport, paths, address)

    @property
    def calls(self) -> CallCounts:
        """HTTP requests made so far."""
        return self._transport.calls

    def now(self) -> datetime:
        """Return HubSpot's own time (UTC, whole seconds).

        Raises:
            ConfigError: where no HubSpot of this API version is at the address.
            UnreadableAnswerError: no HubSpot answers there, not even after a while.
        """
        self._transport.ask_quota_anew()
        path = self.paths.objects("contacts")
        try:
            outlast(partial(self.get, path, {"limit": 1}, RecordPage), self.pause)
        except NotFoundError as fault:
            what = f"no HubSpot API {self.paths.version} is at this address"
            raise ConfigError("hubspot", fault.where, what, CHECK_BASE_URL) from fault
        except ForbiddenError:
            # Without contacts there may be much else to read, and only answers tell the time.
            self.get(self.paths.account(), {}, dict)
        return self.latest_time()

    def latest_time(self) -> datetime:
        """Return HubSpot's time as its latest answer stated it (UTC, whole seconds)."""
        return read_clock("hubspot", self._transport.latest_date)

    def pause(self, seconds: float) -> None:
        """Wait before something is asked again."""
        self._transport.pause(seconds)

    @property
    def quota(self) -> Quota | None:
        """The day's calls as the latest answer told; None before the first that did."""
        return self._transport.quota

    def get(self, path: str, params: Params, shape: type[Answer]) -> Answer:
        """Return the answer to a GET, checked against its shape."""
        return self._read("GET", path, params, shape)

    def post(
        self,
        path: str,
        body: Mapping[str, object],
        shape: type[Answer],
        params: Params | None = None,
    ) -> Answer:
        """Return the answer to a POST, checked against its shape.

        A search and a batch of reads go without the SDK, as every GET does: they are many.
        """
        if classify("POST", path).purpose == "read":
            return self._read("POST", path, params or {}, shape, msgspec.json.encode(body))
        return decode("hubspot", self._write(path, body, params or {}), shape)

    def properties(self, object_name: str) -> Sequence[Property]:
        """Return every property of an object; there is none without any.

        Raises:
            ContradictionError: the answer was empty, again and again.
        """
        return self._describe(object_name).properties

    def recent_properties(self, object_name: str) -> Described:
        """Return every property of an object as told a moment ago to any thread, or else ask."""
        known = self._described.get(object_name)
        if known and read_clock("hubspot", self._latest_date) - known.at <= A_MOMENT:
            return known
        return self._describe(object_name)

    def forget_descriptions(self) -> None:
        """Let whatever is said of properties from now on be asked for anew."""
        self._described.clear()

    def _describe(self, object_name: str) -> Described:
        path = self.paths.properties(object_name)

        def ask() -> Described:
            found = self.get(path, {}, PropertyList).results
            if not found:
                raise ContradictionError("hubspot", path, "an object has no properties at all")
            return Described(self.latest_time(), found)

        told = self._described[object_name] = insist(ask, self.pause)
        return told

    def _read(
        self, method: str, path: str, params: Params, shape: type[Answer], body: bytes | None = None
    ) -> Answer:
        # Commas need no escape, and lists of names are full of them.
        query = f"?{urlencode(params, safe=',')}" if params else ""
        url = f"{self._address}{path}{query}"
        answer = self._transport.fetch(method, url, partial(_decode, shape), body)
        self._latest_date = self._transport.latest_date
        return answer

    def _write(self, path: str, body: Mapping[str, object], params: Params) -> requests.Response:
        response: requests.Response = self._sdk.call_api(
            path,
            "POST",
            query_params=list(params.items()),
            header_params={"Accept": "application/json"},
            body=body,
            _preload_content=False,
        )
        return response


def _decode(shape: type[Answer], reply: Reply) -> Answer:
    return decode("hubspot", reply, shape)


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
