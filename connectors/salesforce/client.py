"""The calls we make of Salesforce, all through our transport.

Reading goes without an SDK. For the rest there is simple-salesforce, which has no time-outs and no
retries, and always speaks https to `instance_url`; the session under it supplies all three, and
plain http where the configured address says so.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import requests

from connectors.answers import read_by, read_clock
from connectors.delivery import Waiting
from connectors.errors import (
    ABSENT_OR_HIDDEN,
    ConfigError,
    NotFoundError,
    TooLongError,
    UnreadableAnswerError,
)
from connectors.exchange import Body, Reply
from connectors.http import Transport, check_base_url, open_session
from connectors.records import Quota
from connectors.retries import RetryPolicy
from connectors.salesforce.auth import Login, SalesforceToken, SecretLogin
from connectors.salesforce.description import DescribedField, Description, read_description
from connectors.salesforce.dialect import DIALECT
from connectors.salesforce.pages import Answered, read_page
from connectors.salesforce.room import Room
from connectors.salesforce.session import open_sdk
from connectors.sharing import Sharing, credential_key
from connectors.tally import CallCounts

if TYPE_CHECKING:
    from simple_salesforce.api import Salesforce

ATTEMPTS = 4
"""How often something is read that comes broken, or makes no progress."""

CHECK_API_VERSION = "choose an API version that the org serves, such as 66.0"

_ENCODER = msgspec.json.Encoder(decimal_format="number")
Shape = TypeVar("Shape")


class SalesforceClient:
    """The calls we make of one Salesforce org; for many threads."""

    def __init__(
        self,
        transport: Transport,
        auth: SalesforceToken,
        address: str,
        api_version: str,
        waiting: Waiting,
    ) -> None:
        self.pause = waiting.sleep
        """Waits so many seconds."""
        self.room = Room()
        """Bytes of an encoded query that Salesforce takes, as far as we know."""
        self._clock = waiting.clock
        self._transport = transport
        self._auth = auth
        self._address = address
        self._api_version = api_version
        self._root = f"{address}/services/data/v{api_version}/"
        self._descriptions: dict[str, Description | None] = {}
        """None for an object that the org lacks or hides."""

    @classmethod
    def connect(
        cls,
        base_url: str,
        client_id: str,
        client_secret: str,
        api_version: str = "66.0",
        policy: RetryPolicy | None = None,
        *,
        sharing: Sharing | None = None,
        waiting: Waiting | None = None,
    ) -> "SalesforceClient":
        """Prepare a client of an app with a secret; raises as `log_in`."""
        login = SecretLogin(client_id, client_secret)
        return cls.log_in(base_url, login, api_version, policy, sharing=sharing, waiting=waiting)

    @classmethod
    def log_in(
        cls,
        base_url: str,
        login: Login,
        api_version: str = "66.0",
        policy: RetryPolicy | None = None,
        *,
        sharing: Sharing | None = None,
        waiting: Waiting | None = None,
    ) -> "SalesforceClient":
        """Prepare a client; the first call fetches the token.

        Raises:
            ConfigError: where a setting is missing or no address.
        """
        address = check_base_url("salesforce", base_url)
        key = credential_key(address, *login.identity())
        waiting = waiting or Waiting()
        transport = Transport(DIALECT, policy, sharing, key, waiting)
        auth = login.open(open_session(transport, address), address)
        transport.bearer = auth
        return cls(transport, auth, address, api_version, waiting)

    @property
    def calls(self) -> CallCounts:
        """HTTP requests made so far."""
        return self._transport.calls

    @property
    def user_id(self) -> str:
        """Id of the user that our calls run as."""
        return self._auth.user_id()

    @property
    def quota(self) -> Quota | None:
        """The day's calls as the latest answer told; None before the first that did."""
        return self._transport.quota

    def now(self) -> datetime:
        """Return Salesforce's own time (UTC, whole seconds).

        Raises:
            ConfigError: where the org has no such API version.
        """
        self._transport.ask_quota_anew()
        try:
            reply = self.fetch("limits/")
        except NotFoundError as fault:
            what = f"this Salesforce has no API {self._api_version}"
            raise ConfigError("salesforce", fault.where, what, CHECK_API_VERSION) from fault
        return read_clock("salesforce", reply.headers.get("Date", ""))

    def description(self, object_name: str) -> Description:
        """Return an object as our user sees it, asked once."""
        return self._descriptions.get(object_name) or self.describe_anew(object_name)

    def describe_anew(self, object_name: str) -> Description:
        """Return an object as our user sees it now."""
        address = self._address_of(f"sobjects/{object_name}/describe")
        try:
            found = self._transport.fetch("GET", address, read_description)
        except ABSENT_OR_HIDDEN:
            self._descriptions[object_name] = None
            raise
        self._descriptions[object_name] = found
        return found

    def describe_all(self, object_names: Collection[str]) -> dict[str, Description]:
        """Return these objects and all others asked about before, but those that don't show."""
        for object_name in set(object_names) - self._descriptions.keys():
            with suppress(*ABSENT_OR_HIDDEN):
                self.describe_anew(object_name)
        return {name: found for name, found in sorted(self._descriptions.items()) if found}

    def describe(self, object_name: str) -> tuple[DescribedField, ...]:
        """Return the fields our user may read, asked once."""
        return tuple(self.description(object_name).fields)

    def forget_descriptions(self) -> None:
        """Describe again at the next question, because fields have changed."""
        self._descriptions.clear()

    def query(self, soql: str) -> Answered:
        """Return the first page of a query that includes deleted and archived records.

        Raises:
            TooLongError: it was refused twice running; `room` has shrunk.
        """
        text = quote(soql, safe="")
        began = self._clock()
        try:
            answered = self.next_page(f"queryAll/?q={text}")
        except TooLongError:
            self.room.shrink(len(text))
            raise
        took = timedelta(seconds=int(self._clock() - began))
        return replace(answered, at=answered.at - took)

    def next_page(self, path: str) -> Answered:
        """Return the page that another one's `next_records_url` leads to."""
        address = self._address_of(path)
        with suppress(TooLongError):
            return self._transport.fetch("GET", address, read_page)
        # Refused once, it may have been somebody on the way who had a bad moment.
        return self._transport.fetch("GET", address, read_page)

    def ask(self, path: str, shape: type[Shape], method: str = "GET", body: object = None) -> Shape:
        """Read any path, under /services/data/vNN.N/ or whole, as the shape its API promises.

        Raises:
            UnreadableAnswerError: for anything else, again and again.
        """
        return self.decode(path, msgspec.json.Decoder(shape), method, body)

    def decode(
        self,
        path: str,
        decoder: msgspec.json.Decoder[Shape],
        method: str = "GET",
        body: object = None,
    ) -> Shape:
        """Do as `ask`, by a decoder of one's own."""
        take = partial(read_by, "salesforce", decoder)
        content = None if body is None else _ENCODER.encode(body)
        return self._transport.fetch(method, self._address_of(path), take, content)

    def fetch(self, path: str, method: str = "GET", body: object = None) -> Reply:
        """Call any path as `ask` does, and return the answer as it came."""
        content = None if body is None else _ENCODER.encode(body)
        return self._transport.exchange(method, self._address_of(path), content)

    def upload(self, path: str, content: bytes, content_type: str) -> None:
        """Send a file to a path, once."""
        headers = {"Content-Type": content_type}
        self._transport.exchange("PUT", self._address_of(path), content, headers)

    def path_of(self, path: str) -> str:
        """Return a path under /services/data/vNN.N/ as requests within requests name it."""
        return urlsplit(self._root + path).path

    def open(self, path: str) -> AbstractContextManager[Body]:
        """Read a path as a file, while it arrives."""
        return self._transport.stream(self._address_of(path))

    def call(
        self, path: str, method: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Call any path under /services/data/vNN.N/ and return the decoded answer."""
        with _readable(path):
            return self._sdk.restful(
                path,
                method=method,
                data=None if body is None else _ENCODER.encode(body),
                headers=dict(headers or {}),
            )

    def create_custom_field(self, full_name: str, metadata: Mapping[str, object]) -> None:
        """Create a field such as Lead.Example__c by the Tooling API."""
        body = {"FullName": full_name, "Metadata": dict(metadata)}
        self._sdk.toolingexecute("sobjects/CustomField", method="POST", data=body)

    @cached_property
    def _sdk(self) -> "Salesforce":
        return open_sdk(self._transport, self._address, self._auth, self._api_version)

    def _address_of(self, path: str) -> str:
        return self._address + path if path.startswith("/") else self._root + path


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Turn the SDK's decoding errors into ours; their text quotes the body."""
    try:
        yield
    except requests.exceptions.JSONDecodeError:
        what = "the answer is no JSON"
        raise UnreadableAnswerError("salesforce", where, what) from None
