"""simple-salesforce, doing its calls through our transport.

The SDK has no time-outs and no retries, and always speaks https to `instance_url`; the session
under it supplies all three, and plain http where the configured address says so.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec
import requests
from simple_salesforce.api import Salesforce

from connectors.answers import convert, read_clock
from connectors.errors import ConfigError, NotFoundError, UnreadableAnswerError
from connectors.http import RetryPolicy, Transport, check_base_url, open_session
from connectors.records import CallCounts
from connectors.salesforce.auth import ClientCredentials
from connectors.salesforce.description import DescribedField, Description
from connectors.salesforce.dialect import DIALECT
from connectors.salesforce.session import open_sdk_session

LONGEST_QUERY = 15_000
"""Bytes of an encoded query; Salesforce refuses URLs with headers above 16,384."""

CHECK_API_VERSION = "choose an API version that the org serves, such as 66.0"

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class QueryPage(msgspec.Struct, rename="camel"):
    """One page of a query's answer."""

    total_size: int
    done: bool
    records: list[dict[str, Any]]
    next_records_url: str | None = None


class SalesforceClient:
    """The calls we make of one Salesforce org."""

    def __init__(self, sdk: Salesforce, transport: Transport, auth: ClientCredentials) -> None:
        self._sdk = sdk
        self._transport = transport
        self._auth = auth
        self._descriptions: dict[str, tuple[DescribedField, ...]] = {}

    @classmethod
    def connect(
        cls,
        base_url: str,
        client_id: str,
        client_secret: str,
        api_version: str = "66.0",
        policy: RetryPolicy | None = None,
    ) -> "SalesforceClient":
        """Prepare a client; the first call fetches the token.

        Raises:
            ConfigError: where a setting is missing or no address.
        """
        address = check_base_url("salesforce", base_url)
        if not client_id.strip() or not client_secret.strip():
            raise ConfigError("salesforce", "client_id, client_secret", "one of them is empty")
        transport = Transport(DIALECT, policy)
        auth = ClientCredentials(
            open_session(transport, DIALECT, address),
            address,
            client_id.strip(),
            client_secret.strip(),
        )
        sdk = Salesforce(
            session_id="signed-by-the-session",
            instance_url=address,
            version=api_version,
            session=open_sdk_session(transport, address, auth),
            parse_float=Decimal,
            object_pairs_hook=dict,
        )
        sdk.headers["X-PrettyPrint"] = "0"
        return cls(sdk, transport, auth)

    @property
    def calls(self) -> CallCounts:
        """HTTP requests made so far."""
        return self._transport.calls

    @property
    def user_id(self) -> str:
        """Id of the user that our calls run as."""
        return self._auth.user_id()

    def now(self) -> datetime:
        """Return Salesforce's own time (UTC, whole seconds).

        Raises:
            ConfigError: where the org has no such API version.
        """
        try:
            self._sdk.session.get(f"{self._sdk.base_url}limits/")
        except NotFoundError as fault:
            what = f"this Salesforce has no API {self._sdk.sf_version}"
            raise ConfigError("salesforce", fault.where, what, CHECK_API_VERSION) from fault
        return self.latest_time()

    def latest_time(self) -> datetime:
        """Return Salesforce's time as its latest answer stated it (UTC, whole seconds)."""
        return read_clock("salesforce", self._transport.latest_date)

    def describe(self, object_name: str) -> tuple[DescribedField, ...]:
        """Return the fields our user may read, asked once."""
        if object_name not in self._descriptions:
            where = f"describe {object_name}"
            with _readable(where):
                answer = getattr(self._sdk, object_name).describe()
            description = convert("salesforce", where, answer, Description)
            self._descriptions[object_name] = tuple(description.fields)
        return self._descriptions[object_name]

    def forget_descriptions(self) -> None:
        """Describe again at the next question, because fields have changed."""
        self._descriptions.clear()

    def query_all(self, soql: str) -> Iterator[QueryPage]:
        """Yield the pages of a query that includes deleted and archived records.

        Raises:
            ConfigError: where the query is longer than Salesforce takes.
            UnreadableAnswerError: where fewer records came than Salesforce announced.
        """
        if len(quote(soql)) > LONGEST_QUERY:
            what = f"the query is longer than {LONGEST_QUERY} bytes"
            raise ConfigError("salesforce", "queryAll", what, "let our user read fewer fields")
        with _readable("queryAll"):
            answer = self._sdk.query(soql, include_deleted=True)
        page = convert("salesforce", "queryAll", answer, QueryPage)
        announced, read = page.total_size, len(page.records)
        yield page
        while not page.done:
            page = self._read_next(page)
            read += len(page.records)
            yield page
        if read < announced:
            what = f"{read} records came where {announced} were announced"
            raise UnreadableAnswerError("salesforce", "queryAll", what)

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

    def records(self, soql: str) -> list[dict[str, Any]]:
        """Return every record of a small query."""
        return [record for page in self.query_all(soql) for record in page.records]

    def _read_next(self, page: QueryPage) -> QueryPage:
        if not page.next_records_url or not page.records:
            what = "an unfinished query has no next page"
            raise UnreadableAnswerError("salesforce", "queryAll", what)
        with _readable("queryAll"):
            answer = self._sdk.query_more(page.next_records_url, identifier_is_url=True)
        return convert("salesforce", "queryAll", answer, QueryPage)


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Turn the SDK's decoding errors into ours; their text quotes the body."""
    try:
        yield
    except requests.exceptions.JSONDecodeError:
        what = "the answer is no JSON"
        raise UnreadableAnswerError("salesforce", where, what) from None
