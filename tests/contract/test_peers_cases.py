"""Cases that reverse syncs of others were seen to fail at, against the HubSpot of the sandbox.

T4, T7, T10, T11 and T12 stand where their subject is: test_remembered, test_salesforce_writes,
test_lifecycle_stages; T6 there, too, and T8 in tests/e2e/test_loop.py.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.records import Value
from pipelines.sync.apply import Account, apply_plan, settle_intents
from pipelines.sync.config import Sync
from pipelines.sync.plan import Plan, Terms, plan_changes
from pipelines.sync.store import StateStore
from tests.contract.conftest import Sandbox
from tests.unit.connectors.faketime import FakeTime
from tests.unit.pipelines.builders import AS_OF, SCORE, row_of, silent

EXTRA_CALLS = 14
"""What one bad row of a batch of 100 may cost."""
STATUS = {"column": "stage", "field": "hs_lead_status", "type": "string", "label": "Status"}
HEAD = {
    "crm": "hubspot",
    "object": "contacts",
    "sync_model": "sync_hubspot__contacts",
    "stamp": {"field": "peers_stamp", "label": "Stamp"},
    "in_flight": 2,
}
SYNC = Sync.model_validate(
    {**HEAD, "name": "hubspot__contacts", "fields": [SCORE | {"field": "peers_score"}]}
)
OF_STATUS = Sync.model_validate({**HEAD, "name": "hubspot__statuses", "fields": [STATUS]})


class Killed(BaseException):
    """Stands for kill -9."""


class CountingDestination(HubSpotDestination):
    """Counts how often each record is sent; may be killed once a batch has arrived."""

    def __init__(self, client: HubSpotClient) -> None:
        super().__init__(client)
        self.sent: Counter[str] = Counter()
        self.killed_after = 0

    def write(
        self, object_name: str, changes: Sequence[RecordChange], match: str | None = None
    ) -> list[WriteResult]:
        self.sent.update(change.record_id for change in changes)
        results = super().write(object_name, changes, match)
        self.killed_after -= 1
        if self.killed_after == 0:
            raise Killed
        return results


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return StateStore(f"sqlite:///{tmp_path / 'state.sqlite'}")


@pytest.fixture
def crm(unlimited: Sandbox) -> CountingDestination:
    """HubSpot with batches of ten, met without ever waiting; our field is empty everywhere."""
    portal = unlimited.hubspot
    client = HubSpotClient.connect(
        portal["base_url"], portal["access_token"], waiting=FakeTime().waiting
    )
    destination = CountingDestination(client)
    destination.batch_size = 10
    destination.provision("contacts", SYNC.own_fields())
    names = ["peers_score", "hs_lead_status"]
    empty = [RecordChange(key, dict.fromkeys(names)) for key in contacts(client)]
    for start in range(0, len(empty), 100):
        destination.write("contacts", empty[start : start + 100])
    destination.sent.clear()
    return destination


def contacts(client: HubSpotClient) -> list[str]:
    path = client.paths.objects("contacts")
    page = client.get(path, {"limit": 100}, dict)
    return sorted(str(record["id"]) for record in page["results"])


def ids_of(crm: CountingDestination) -> list[str]:
    return contacts(crm._client)


def held(crm: CountingDestination, field: str = "peers_score") -> dict[str, Value]:
    now = crm.read_current("contacts", ids_of(crm), [field])
    return {key: row[field] for key, row in now.items()}


def plan_all(
    crm: CountingDestination, store: StateStore, score: int = 40, extra: Sequence[str] = ()
) -> Plan:
    """Plan one score for all contacts, by what they hold now; `extra` ids are believed to exist."""
    now = held(crm) | dict.fromkeys(extra)
    wanted = [row_of(key, score=score) for key in now]
    current = {key: row_of(key, score=value) for key, value in now.items()}
    return plan_changes(Terms(SYNC, AS_OF), wanted, current, store.memory(SYNC))


def run(crm: CountingDestination, store: StateStore, score: int = 40) -> Account:
    settle_intents(SYNC, crm, store)
    kept = store.keep_plan(SYNC, plan_all(crm, store, score), AS_OF, "000001", ())
    return apply_plan(SYNC, kept, crm, store, silent)


def test_t1_refusals_for_speed_without_retry_after_lose_no_row(
    unlimited: Sandbox, crm: CountingDestination, store: StateStore
) -> None:
    number = len(ids_of(crm))
    unlimited.order("faults", [{"preset": "hubspot-ten-secondly", "count": 3, "skip": 2}])

    assert run(crm, store) == Account(written=number)
    assert set(held(crm).values()) == {40}
    assert crm.calls.limited == 3


def statuses(crm: CountingDestination, store: StateStore, bad: str) -> Account:
    """Give every contact a status, one of them none that HubSpot has."""
    now = held(crm, "hs_lead_status")
    wanted = [row_of(key, stage="NOT_ONE" if key == bad else "OPEN") for key in now]
    current = {key: row_of(key, stage=value) for key, value in now.items()}
    plan = plan_changes(Terms(OF_STATUS, AS_OF), wanted, current, store.memory(OF_STATUS))
    kept = store.keep_plan(OF_STATUS, plan, AS_OF, "000001", ())
    return apply_plan(OF_STATUS, kept, crm, store, silent)


def test_t2_one_bad_row_is_told_and_the_next_run_sends_nothing(
    crm: CountingDestination, store: StateStore
) -> None:
    crm.batch_size = 100
    crm.provision("contacts", OF_STATUS.own_fields()[1:])
    ids = ids_of(crm)
    before = crm.calls.write

    first = statuses(crm, store, ids[30])
    calls = crm.calls.write - before
    second = statuses(crm, store, ids[30])

    assert (first, second) == (Account(written=len(ids) - 1, rejected=1), Account())
    assert calls <= 1 + EXTRA_CALLS
    assert crm.calls.write - before == calls
    (row,) = store.remembered.left_alone()
    assert (row["record_id"], row["state"]) == (ids[30], "rejected")
    assert held(crm, "hs_lead_status")[ids[30]] is None


@pytest.mark.parametrize("batches", [1, 2, 4])
def test_t3_a_run_after_a_kill_sends_only_what_had_not_arrived(
    crm: CountingDestination, store: StateStore, batches: int
) -> None:
    crm.killed_after = batches
    with pytest.raises(Killed):
        run(crm, store)

    run(crm, store)

    assert set(held(crm).values()) == {40}
    assert set(crm.sent.values()) == {1}
    assert store.open_intents(SYNC) == []


def test_t5_a_partial_answer_costs_the_records_that_are_gone_and_no_other(
    crm: CountingDestination, store: StateStore
) -> None:
    ids = ids_of(crm)
    changes = [RecordChange(key, {"peers_score": 40}) for key in [*ids[:5], "999999999999"]]

    results = crm.write("contacts", changes)

    assert [result.state for result in results] == ["accepted"] * 5 + ["rejected"]
    assert [held(crm)[key] for key in ids[:6]] == [40] * 5 + [None]


def test_t9_nothing_changed_sends_nothing(crm: CountingDestination, store: StateStore) -> None:
    run(crm, store)
    before = crm.calls.write

    assert run(crm, store) == Account()
    assert crm.calls.write == before


def test_twenty_runs_after_the_first_write_nothing(
    crm: CountingDestination, store: StateStore
) -> None:
    run(crm, store)
    before = crm.calls.write

    accounts = {run(crm, store) for _ in range(20)}

    assert (accounts, crm.calls.write) == ({Account()}, before)
