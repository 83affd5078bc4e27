"""Every named fault of the sandbox, met by the transport alone: survived, or told exactly."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.errors import (
    CrmError,
    ForbiddenError,
    InvalidRequestError,
    QuotaExhaustedError,
    TooLongError,
)
from connectors.exchange import Reply
from connectors.http import Transport, open_session
from connectors.hubspot.auth import AppLogin, KeyLogin
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.dialect import build_dialect
from connectors.retries import RetryPolicy
from connectors.salesforce.auth import SecretLogin
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.dialect import DIALECT
from tests.contract.conftest import Sandbox
from tests.contract.tokens import connect_app
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.tokens import TokensInMemory

PRESETS = Path(__file__).parents[2] / "connectors/sandbox/faults/presets.yaml"
CONTACTS = "/crm/v3/objects/contacts?limit=1"
SEARCH = "/crm/v3/objects/contacts/search"
QUERY = "/services/data/v66.0/query?q=SELECT+Id+FROM+User+LIMIT+1"
PLENTY = {"salesforce": 90_000, "hubspot": 600_000}


@dataclass(frozen=True)
class Case:
    """A preset and what comes of it."""

    preset: str
    path: str = CONTACTS
    error: type[CrmError] | None = None
    """None: the answer comes all the same."""
    repeated: int = 1
    order: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case("hubspot-ten-secondly"),
    Case("hubspot-secondly", SEARCH),
    Case("hubspot-daily", error=QuotaExhaustedError, repeated=0),
    Case("hubspot-retry-after"),
    Case("hubspot-locked"),
    Case("hubspot-migration"),
    Case("hubspot-bad-token"),
    Case("hubspot-unauthorized"),
    Case("hubspot-missing-scope", error=ForbiddenError, repeated=0),
    Case("hubspot-bad-gateway"),
    Case("hubspot-server-error"),
    Case("uri-too-long", error=TooLongError, repeated=0),
    Case("html-with-200"),
    Case("salesforce-session-ended", QUERY),
    Case("salesforce-all-sessions-ended", QUERY),
    Case("hubspot-all-sessions-ended", "app"),
    Case("salesforce-quota-gone", QUERY, QuotaExhaustedError, repeated=0),
    Case("hubspot-quota-gone", error=QuotaExhaustedError, repeated=0),
    Case("salesforce-too-many-at-once", QUERY),
    Case("salesforce-row-locked", QUERY),
    Case("salesforce-query-timeout", QUERY, InvalidRequestError, repeated=0),
    Case("salesforce-unavailable", QUERY),
    Case("salesforce-server-error", QUERY),
    Case("connection-reset"),
    Case("answer-lost"),
    Case("body-cut"),
    Case("body-torn"),
    Case("slow", repeated=0, order={"bytes_per_second": 20_000}),
    Case("stalled", order={"seconds": 0.4}),
]
FOR_READERS = {
    "rows-missing-at-the-end": "a whole answer by all that the transport can see",
    "hubspot-batch-in-part": "a sound answer",
    "page-twice": "a sound answer",
    "page-lost": "a sound answer",
    "page-stale": "a sound answer",
    "clock-ahead": "a sound answer with another date",
}
"""Faults that only a comparison of counts and pages can find."""


class Client:
    """A transport of the sandbox whose waits pass at once."""

    def __init__(self, sandbox: Sandbox, path: str) -> None:
        self.url = sandbox.hubspot["base_url"]
        salesforce = path == QUERY
        dialect = DIALECT if salesforce else build_dialect()
        policy = RetryPolicy(read_timeout=0.3)
        self.transport = Transport(dialect, policy, waiting=FakeTime().waiting)
        session = open_session(self.transport, self.url)
        login = _login(sandbox, path)
        self.transport.bearer = login.open(session, self.url)
        self.path = CONTACTS if path == "app" else path

    def ask(self) -> Reply:
        if self.path == SEARCH:
            return self.transport.exchange("POST", self.url + SEARCH, b'{"limit": 1}')
        return self.transport.exchange("GET", self.url + self.path)


def _login(sandbox: Sandbox, path: str) -> SecretLogin | KeyLogin | AppLogin:
    keys = sandbox.hubspot
    if path == QUERY:
        org = sandbox.salesforce
        return SecretLogin(org["client_id"], org["client_secret"])
    if path == "app":
        tokens = TokensInMemory(connect_app(sandbox))
        return AppLogin(keys["client_id"], keys["client_secret"], tokens)
    return KeyLogin(keys["access_token"])


@pytest.fixture
def generous(clean_sandbox: Sandbox) -> Iterator[Sandbox]:
    """A sandbox without faults, and with calls left on the day after."""
    yield clean_sandbox
    for crm, left in PLENTY.items():
        clean_sandbox.order("usage", {"crm": crm, "left": left})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.preset)
def test_a_read_survives_the_fault_or_tells_it_exactly(generous: Sandbox, case: Case) -> None:
    client = Client(generous, case.path)
    expected = client.ask()
    generous.order("faults", [{"preset": case.preset, "count": 1, **case.order}])
    if case.error is not None:
        with pytest.raises(case.error):
            client.ask()
    else:
        assert client.ask().content == expected.content
    assert client.transport.calls.retried == case.repeated


def test_every_fault_is_met_here_or_left_to_readers() -> None:
    named = set(yaml.safe_load(PRESETS.read_text(encoding="utf-8")))
    assert {case.preset for case in CASES} | set(FOR_READERS) == named


def test_a_new_reading_asks_whether_the_days_calls_have_returned(generous: Sandbox) -> None:
    keys = generous.hubspot
    client = HubSpotClient.connect(keys["base_url"], keys["access_token"])
    client.now()
    generous.order("usage", {"crm": "hubspot", "left": 0})
    with pytest.raises(QuotaExhaustedError):
        client.now()
    generous.order("usage", {"crm": "hubspot", "left": 600_000})
    client.now()
    client.properties("contacts")


def test_a_new_reading_of_salesforce_asks_likewise(generous: Sandbox) -> None:
    org = generous.salesforce
    client = SalesforceClient.connect(org["base_url"], org["client_id"], org["client_secret"])
    client.now()
    generous.order("usage", {"crm": "salesforce", "left": 0})
    with pytest.raises(QuotaExhaustedError):
        client.now()
    generous.order("usage", {"crm": "salesforce", "left": 90_000})
    client.now()
    client.describe_anew("Lead")
