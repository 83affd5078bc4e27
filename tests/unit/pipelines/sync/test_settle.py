"""What a crash left in flight is settled by reading back; nothing is resent."""

import pytest

from connectors.records import Value
from pipelines.sync.apply import settle_intents
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, STAGE, plan_of, row_of, sync_of
from tests.unit.pipelines.fakes import FakeDestination, Kill, Killed

SYNC = sync_of(STAGE)


def in_flight(store: StateStore, crm: FakeDestination) -> None:
    """Leave an open intent for every record of the CRM, as a kill does."""
    plan = plan_of(SYNC, *(row_of(key, stage="Lead") for key in crm.records), held=crm)
    stored = store.keep_plan(SYNC, plan, AS_OF, "000001", ())
    store.open_intent(stored.plan_id, list(crm.records))


def outcomes(store: StateStore) -> dict[str, str]:
    return {row["record_id"]: row["state"] for row in store.receipts_after(0)}


def test_nothing_in_flight_asks_the_crm_nothing(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})

    assert settle_intents(SYNC, crm, store) == 0
    assert crm.calls_made == 0


def test_what_arrived_is_written_and_what_did_not_is_lost(store: StateStore) -> None:
    crm = FakeDestination({"1": {}, "2": {}})
    in_flight(store, crm)
    crm.records["1"]["Stage__c"] = "Lead"

    assert settle_intents(SYNC, crm, store) == 2
    assert outcomes(store) == {"1": "written", "2": "lost"}
    assert store.ledger(SYNC) == {("1", "Stage__c"): "Lead"}
    assert crm.calls.write == 0


@pytest.mark.parametrize("held", ["typed", None])
def test_a_person_who_was_faster_keeps_their_value(store: StateStore, held: Value) -> None:
    crm = FakeDestination({"1": {}})
    in_flight(store, crm)
    crm.records["1"]["Stage__c"] = held

    settle_intents(SYNC, crm, store)

    assert (outcomes(store), crm.records["1"]) == ({"1": "lost"}, {"Stage__c": held})


def test_a_record_that_is_gone_is_settled_as_lost(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})
    in_flight(store, crm)
    crm.records.clear()

    assert settle_intents(SYNC, crm, store) == 1
    assert outcomes(store) == {"1": "lost"}


def test_settling_is_done_once(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})
    in_flight(store, crm)
    settle_intents(SYNC, crm, store)

    assert settle_intents(SYNC, crm, store) == 0
    assert len(store.receipts_after(0)) == 1


def test_every_batch_in_flight_is_settled_oldest_first(store: StateStore) -> None:
    crm = FakeDestination({"1": {}, "2": {}})
    for record_id in ("2", "1"):
        plan = plan_of(SYNC, row_of(record_id, stage="Lead"), held=crm)
        stored = store.keep_plan(SYNC, plan, AS_OF, "000001", ())
        store.open_intent(stored.plan_id, [record_id])

    assert settle_intents(SYNC, crm, store) == 2
    assert list(outcomes(store)) == ["2", "1"]


def test_a_kill_while_settling_leaves_the_intent_open(store: StateStore) -> None:
    crm = FakeDestination({"1": {}}, kill=Kill(1, "after"))
    in_flight(store, crm)

    with pytest.raises(Killed):
        settle_intents(SYNC, crm, store)

    assert (len(store.open_intents(SYNC)), store.receipts_after(0)) == (1, [])
