"""Each fault of the sandbox on each road of Salesforce: no row is lost without an error."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.errors import CrmError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams.people import LEADS
from tests.contract.conftest import PAGE_SIZE, Sandbox
from tests.unit.connectors.faketime import FakeTime

PASSING = (
    "salesforce-session-ended",
    "salesforce-all-sessions-ended",
    "salesforce-query-timeout",
    "salesforce-unavailable",
    "salesforce-too-many-at-once",
    "connection-reset",
    "answer-lost",
    "uri-too-long",
    "html-with-200",
    "body-cut",
    "body-torn",
    "rows-missing-at-the-end",
    "page-twice",
    "page-lost",
    "page-stale",
    "clock-ahead",
)
PATHS = {"rest": "*/query*", "bulk": "*/jobs/query/*"}
PAGES = {"rest": 10, "bulk": 2}
"""Records of a page over REST, so that the one road is cheaper or the other."""


def connect(sandbox: Sandbox) -> SalesforceSource:
    """Connect without ever waiting."""
    org = sandbox.salesforce
    keys = org["base_url"], org["client_id"], org["client_secret"]
    client = SalesforceClient.connect(*keys, waiting=FakeTime().waiting)
    return SalesforceSource(client, batch_rows=8)


def read(source: SalesforceSource) -> tuple[list[str], set[str]]:
    """Return the ids of all leads as they came, and the roads that they came by."""
    batches = list(source.read(LEADS, source.fields(LEADS), None))
    ids = [i for batch in batches for i in batch.tables["leads"]["_record_id"].to_pylist()]
    return ids, {batch.road.name for batch in batches if batch.road}


@pytest.fixture(scope="module")
def truth(sandbox: Sandbox) -> set[str]:
    ids, _ = read(connect(sandbox))
    return set(ids)


@pytest.fixture(params=["rest", "bulk"])
def road(clean_sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[str]:
    road: str = request.param
    few = {"salesforce_page_size": PAGES[road], "salesforce_bulk_page_size": 7}
    clean_sandbox.order("settings", few, method="PATCH")
    yield road
    usual = {"salesforce_page_size": PAGE_SIZE, "salesforce_bulk_page_size": 100_000}
    clean_sandbox.order("settings", usual, method="PATCH")


def strike(sandbox: Sandbox, preset: str, road: str, **more: Any) -> None:
    sandbox.order("faults", [{"preset": preset, "path": PATHS[road], **more}])


def test_without_faults_each_road_gives_every_row_once(
    sandbox: Sandbox, road: str, truth: set[str]
) -> None:
    ids, roads = read(connect(sandbox))
    assert (sorted(ids), roads) == (sorted(truth), {road})


@pytest.mark.parametrize("preset", PASSING)
def test_a_fault_that_passes_costs_no_row(
    sandbox: Sandbox, road: str, preset: str, truth: set[str]
) -> None:
    strike(sandbox, preset, road, skip=3, count=1)
    ids, _ = read(connect(sandbox))
    assert (set(ids), sandbox.order("faults", None, method="GET")) == (truth, [])


@pytest.mark.parametrize(
    "preset", ["html-with-200", "body-torn", "rows-missing-at-the-end", "page-twice", "page-lost"]
)
def test_a_fault_that_stays_is_never_a_success_with_rows_missing(
    sandbox: Sandbox, road: str, preset: str, truth: set[str]
) -> None:
    strike(sandbox, preset, road, skip=3, count=99)
    try:
        ids, _ = read(connect(sandbox))
    except CrmError:
        return
    assert set(ids) == truth


@pytest.mark.parametrize(
    "trouble",
    [{"salesforce_bulk_error": "Retried more than fifteen times"}, {"salesforce_bulk_stuck": True}],
    ids=["failed", "stuck"],
)
def test_a_job_that_comes_to_nothing_costs_no_row(
    sandbox: Sandbox,
    road: str,
    trouble: dict[str, Any],
    truth: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("connectors.salesforce.jobs._PATIENCE", 1.0)
    sandbox.order("settings", trouble, method="PATCH")
    ids, roads = read(connect(sandbox))
    usual = {"salesforce_bulk_error": "", "salesforce_bulk_stuck": False}
    sandbox.order("settings", usual, method="PATCH")
    assert (sorted(ids), roads) == (sorted(truth), {"rest"})


def edit_meanwhile(sandbox: Sandbox, road: str, record_ids: list[str]) -> None:
    """Let leads be edited before the third answer, a minute later."""
    edit = {"crm": "salesforce", "object": "Lead", "user": 1, "values": {"City": "Oslo"}}
    edits = [
        {"path": "/__sandbox/edits", "body": {**edit, "record_id": record_id}}
        for record_id in record_ids
    ]
    later = {"path": "/__sandbox/clock", "body": {"advance_seconds": 60}}
    order = {"kind": "meanwhile", "path": PATHS[road], "skip": 2, "requests": [later, *edits]}
    sandbox.order("faults", [order])


def test_records_that_change_between_two_pages_are_not_lost(
    sandbox: Sandbox, road: str, truth: set[str]
) -> None:
    edit_meanwhile(sandbox, road, sorted(truth)[:9:2])
    ids, _ = read(connect(sandbox))
    assert set(ids) == truth


@pytest.mark.parametrize("road", ["rest"], indirect=True)
@pytest.mark.parametrize("preset", ["page-lost", "page-twice"])
def test_a_break_and_changes_behind_it_cost_no_second_reading(
    sandbox: Sandbox, road: str, preset: str
) -> None:
    """What changed has left the window that a reading goes on in; the next increment has it."""
    before, _ = read(connect(sandbox))
    changed = before[-2:]
    edit_meanwhile(sandbox, road, changed)
    strike(sandbox, preset, road, skip=2, count=1)
    ids, _ = read(connect(sandbox))
    assert ids == [record_id for record_id in before if record_id not in changed]


@pytest.mark.parametrize("road", ["rest"], indirect=True)
def test_a_neighbours_page_and_then_its_empty_one_cost_no_row(
    sandbox: Sandbox, road: str, truth: set[str]
) -> None:
    """The first is seen to be another's; the second tells nothing but that there is no more."""
    contact = {"attributes": {"type": "Contact"}, "Id": "003000000000001AAA"}
    pages = [{"totalSize": n, "done": True, "records": [contact] * n} for n in (1, 0)]
    order = {"kind": "answer", "path": PATHS[road], "status": 200}
    sandbox.order("faults", [{**order, "body": page} for page in pages])
    ids, _ = read(connect(sandbox))
    assert (set(ids), sandbox.order("faults", None, method="GET")) == (truth, [])
