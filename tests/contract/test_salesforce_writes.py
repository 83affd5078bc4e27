"""Salesforce written by collections and by jobs, over real HTTP."""

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.records import Value
from connectors.salesforce import collections, ingest
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.salesforce.ingest import LOST
from tests.contract.cases import SALESFORCE
from tests.contract.conftest import Sandbox
from tests.unit.connectors.faketime import FakeTime

STAGE, SCORE = SALESFORCE.stage, SALESFORCE.score


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def client(unlimited: Sandbox) -> SalesforceClient:
    """Connect without ever waiting."""
    org = unlimited.salesforce
    keys = org["base_url"], org["client_id"], org["client_secret"]
    return SalesforceClient.connect(*keys, waiting=FakeTime().waiting)


@pytest.fixture
def destination(client: SalesforceClient) -> SalesforceDestination:
    destination = SalesforceDestination(client)
    destination.provision("Lead", SALESFORCE.own_fields)
    return destination


@pytest.fixture
def leads(client: SalesforceClient, destination: SalesforceDestination) -> list[str]:
    """Ids of leads that may be written, each holding the stage BEFORE."""
    found = client.call(f"query/?q={QUERY}", "GET")
    ids = [str(row["Id"]) for row in found["records"]]
    assert len(ids) > 2
    destination.write("Lead", to(ids, BEFORE))
    return ids


BEFORE, AWKWARD = "Before", 'Zoë, said "yes", and no'
QUERY = "select+Id+from+Lead+where+IsConverted+=+false+order+by+Id+limit+23"


def to(ids: list[str], stage: Value) -> list[RecordChange]:
    return [RecordChange(record_id, {STAGE: stage}) for record_id in ids]


def held(destination: SalesforceDestination, ids: list[str], field: str = STAGE) -> set[Value]:
    return {row[field] for row in destination.read_current("Lead", ids, [field]).values()}


def accepted(ids: list[str]) -> list[WriteResult]:
    return [WriteResult(record_id, "accepted") for record_id in ids]


def never(_job: str) -> None:
    raise AssertionError("no job was to be made")


def state_of(client: SalesforceClient, job_id: str) -> str:
    return str(client.call(f"jobs/ingest/{job_id}", "GET")["state"])


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let five records be a whole collection."""
    monkeypatch.setattr(collections, "SIZE", 5)
    return 5


def test_several_collections_go_in_one_call(
    destination: SalesforceDestination, leads: list[str], small_parts: int
) -> None:
    before, ids = destination.calls.write, leads[: 4 * small_parts + 2]

    assert destination.write("Lead", to(ids, "Customer")) == accepted(ids)
    assert destination.calls.write - before == 1
    assert held(destination, ids) == {"Customer"}


def test_a_bad_row_in_one_collection_costs_no_other(
    destination: SalesforceDestination, leads: list[str], small_parts: int
) -> None:
    ids = [*leads[:small_parts], SALESFORCE.unknown_id, *leads[small_parts:12]]

    results = destination.write("Lead", to(ids, "Target"))

    refused = [result.record_id for result in results if result.state == "rejected"]
    assert [result.record_id for result in results] == ids
    assert (refused, held(destination, leads[:12])) == ([SALESFORCE.unknown_id], {"Target"})


def test_more_than_a_call_takes_is_a_mistake_of_the_caller(
    destination: SalesforceDestination, leads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "SIZE", 1)

    with pytest.raises(ValueError, match="6 records in a call, 5 at most"):
        destination.write("Lead", to(leads[:6], "Lead"))


def test_a_job_writes_what_it_is_given_and_answers_in_that_order(
    client: SalesforceClient, destination: SalesforceDestination, leads: list[str]
) -> None:
    ids, kept = [leads[2], SALESFORCE.unknown_id, leads[0]], list[str]()

    results = destination.write_as_job("Lead", to(ids, AWKWARD), None, kept.append)

    assert [(result.record_id, result.state) for result in results] == [
        (leads[2], "accepted"),
        (SALESFORCE.unknown_id, "rejected"),
        (leads[0], "accepted"),
    ]
    assert held(destination, [leads[0], leads[2]]) == {AWKWARD}
    assert [state_of(client, job_id) for job_id in kept] == ["JobComplete"]


def test_t7_no_value_clears_a_field_by_a_job_and_leaves_those_not_named(
    destination: SalesforceDestination, leads: list[str]
) -> None:
    both = [RecordChange(record_id, {STAGE: "Lead", SCORE: 7}) for record_id in leads[:3]]
    destination.write("Lead", both)
    changes = [RecordChange(leads[0], {STAGE: None}), RecordChange(leads[1], {SCORE: None})]

    assert destination.write_as_job("Lead", changes, None, lambda _: None) == accepted(leads[:2])
    now = destination.read_current("Lead", leads[:3], [STAGE, SCORE])
    assert [(now[key][STAGE], now[key][SCORE]) for key in leads[:3]] == [
        (None, 7),
        ("Lead", None),
        ("Lead", 7),
    ]


def end(*_given: object, **_named: object) -> None:
    raise KilledError


@pytest.mark.parametrize("step", ["upload", "fetch"])
def test_t6_a_job_that_lacked_its_data_or_its_close_is_aborted_and_wrote_nothing(
    client: SalesforceClient,
    destination: SalesforceDestination,
    leads: list[str],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    kept: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(client, step, end)
        with pytest.raises(KilledError):
            destination.write_as_job("Lead", to(leads, "Lead"), None, kept.append)

    results = destination.write_as_job("Lead", to(leads, "Lead"), kept[0], never)

    assert {result.code for result in results} == {LOST}
    assert (state_of(client, kept[0]), held(destination, leads)) == ("Aborted", {BEFORE})


def test_t6_a_job_that_was_closed_is_gone_on_with_by_its_id_and_nothing_is_sent_again(
    client: SalesforceClient,
    destination: SalesforceDestination,
    leads: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(ingest, "_await_end", end)
        with pytest.raises(KilledError):
            destination.write_as_job("Lead", to(leads, "Lead"), None, kept.append)
    before = destination.calls.write

    results = destination.write_as_job("Lead", to(leads, "Lead"), kept[0], never)

    assert results == accepted(leads)
    assert (destination.calls.write - before, state_of(client, kept[0])) == (0, "JobComplete")
    assert held(destination, leads) == {"Lead"}


def test_a_job_that_is_gone_is_read_back_by_the_caller(
    destination: SalesforceDestination, leads: list[str]
) -> None:
    results = destination.write_as_job("Lead", to(leads[:2], "Lead"), "7505e0000000000AAA", never)

    assert {result.code for result in results} == {LOST}


def test_t10_a_job_whose_creation_is_answered_by_503_is_made_all_the_same(
    unlimited: Sandbox, destination: SalesforceDestination, leads: list[str]
) -> None:
    unavailable = {"preset": "salesforce-unavailable", "count": 1, "path_prefix": "*/jobs/ingest"}
    unlimited.order("faults", [unavailable])

    results = destination.write_as_job("Lead", to(leads, "Lead"), None, lambda _: None)

    assert results == accepted(leads)
    assert held(destination, leads) == {"Lead"}


def test_owners_stay_who_they_are_whatever_road_is_taken(
    destination: SalesforceDestination, leads: list[str], small_parts: int
) -> None:
    ids = leads[: 2 * small_parts]
    before = destination.read_current("Lead", ids, ["OwnerId"])

    destination.write("Lead", to(ids, "Lead"))
    destination.write_as_job("Lead", to(ids, "Customer"), None, lambda _: None)

    assert destination.read_current("Lead", ids, ["OwnerId"]) == before
