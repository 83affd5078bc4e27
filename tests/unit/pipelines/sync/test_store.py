"""Intents, receipts, ledger and clocks survive in one database, each step whole or not at all."""

import traceback
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pipelines.sync.changes import RecordPlan
from pipelines.sync.rows import Receipt, StoredPlan
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, SCORE, plan_of, row_of, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of()


def keep(store: StateStore, *record_ids: str, snapshot: str = "000001") -> StoredPlan:
    """Keep a plan that gives each record its first stage."""
    crm = FakeDestination({record_id: {} for record_id in record_ids})
    plan = plan_of(SYNC, *(row_of(key, stage="Lead") for key in record_ids), held=crm)
    return store.keep_plan(SYNC, plan, AS_OF, snapshot, ())


def settle(store: StateStore, *receipts: Receipt, snapshot: str = "000001") -> None:
    plan_id = keep(store, "1", snapshot=snapshot).plan_id
    store.settle(SYNC, store.open_intent(plan_id, ["1"]), plan_id, AS_OF, receipts)


def wrote(value: str | None, field: str = "Stage__c") -> Receipt:
    return Receipt("1", field, value, "written")


def test_what_a_store_holds_is_there_after_a_restart(state_url: str) -> None:
    settle(StateStore(state_url), wrote("Lead"))

    assert StateStore(state_url).ledger(SYNC) == {("1", "Stage__c"): "Lead"}


def test_the_ledger_has_the_types_of_the_fields(store: StateStore) -> None:
    settle(store, wrote("2026-11-22T10:00:00Z", "Since__c"))

    assert store.ledger(SYNC) == {("1", "Since__c"): AS_OF}


def test_the_ledger_follows_only_what_was_written(store: StateStore) -> None:
    settle(store, wrote("Name"))
    settle(store, Receipt("1", "Stage__c", "Lead", "rejected", "LOCKED"))
    settle(store, Receipt("1", "Stage__c", "Lead", "lost"))

    assert store.ledger(SYNC) == {("1", "Stage__c"): "Name"}


def test_the_ledger_says_what_was_written_last(store: StateStore) -> None:
    settle(store, wrote("Name"))
    settle(store, wrote(None))

    assert store.ledger(SYNC) == {("1", "Stage__c"): None}


def test_the_ledger_of_a_sync_holds_its_own_object_and_fields_only(store: StateStore) -> None:
    settle(store, wrote("Lead"), wrote("40.00", "Score__c"))
    contacts = SYNC.model_copy(update={"object": "Contact"})

    assert store.ledger(contacts) == {}
    assert list(store.ledger(sync_of(SCORE))) == [("1", "Score__c")]


def test_what_was_written_after_the_mark_is_what_an_extract_cannot_know(
    store: StateStore,
) -> None:
    settle(store, wrote("Name"), wrote("2026-11-22T10:00:00Z", "Since__c"), snapshot="000001")
    mark = store.last_receipt()
    settle(store, wrote("Lead"), snapshot="000002")
    later = store.last_receipt()
    settle(store, Receipt("1", "Stage__c", "Customer", "rejected"), snapshot="000003")

    first, second, third = (store.written_after(SYNC, number) for number in (0, mark, later))

    assert first == {("1", "Stage__c"): "Lead", ("1", "Since__c"): AS_OF}
    assert second == {("1", "Stage__c"): "Lead"}
    assert third == {}


def test_what_was_written_to_another_object_is_not_ours(store: StateStore) -> None:
    settle(store, wrote("Lead"))

    assert store.written_after(SYNC.model_copy(update={"object": "Contact"}), 0) == {}


def test_an_intent_is_open_until_it_is_settled(store: StateStore) -> None:
    plan = keep(store, "1", "2")
    intent = store.open_intent(plan.plan_id, ["2"])

    ((opened, of_plan),) = store.open_intents(SYNC)
    store.settle(SYNC, intent, plan.plan_id, AS_OF, [])

    assert opened.record_ids == ("2",)
    assert of_plan.records == (plan.records[1],)
    assert store.open_intents(SYNC) == []


def test_an_intent_outlives_the_plan_it_came_from(store: StateStore) -> None:
    plan = keep(store, "1")
    store.open_intent(plan.plan_id, ["1"])
    keep(store, "2")

    ((_, of_plan),) = store.open_intents(SYNC)

    assert (of_plan.status, of_plan.records) == ("superseded", plan.records)


def test_intents_of_another_sync_are_left_alone(store: StateStore) -> None:
    store.open_intent(keep(store, "1").plan_id, ["1"])

    assert store.open_intents(SYNC.model_copy(update={"name": "hubspot__contacts"})) == []


def test_settling_is_all_or_nothing(store: StateStore) -> None:
    plan = keep(store, "1")
    intent = store.open_intent(plan.plan_id, ["1"])
    torn = Receipt("1", "Score__c", "1", None)  # type: ignore[arg-type]

    with pytest.raises(sa.exc.DatabaseError) as refused:  # pg8000 calls it no IntegrityError.
        store.settle(SYNC, intent, plan.plan_id, AS_OF, [wrote("Lead"), torn])

    assert (store.ledger(SYNC), store.receipts_after(0)) == ({}, [])
    assert len(store.open_intents(SYNC)) == 1
    assert "Failing row" not in str(refused.value), "it would quote what a person's record holds"
    assert "Failing row" not in "".join(traceback.format_exception(refused.value))


def test_receipts_come_back_in_the_order_they_were_kept(store: StateStore) -> None:
    settle(store, wrote("Name"), wrote("1.00", "Score__c"))
    settle(store, Receipt("1", "Stage__c", "Lead", "rejected", "LOCKED"))

    first, second, third = store.receipts_after(0)

    assert [row["field_name"] for row in (first, second)] == ["Stage__c", "Score__c"]
    assert store.receipts_after(second["receipt_id"]) == [third]
    assert third == {
        "receipt_id": 3,
        "plan_id": 2,
        "crm": "salesforce",
        "object_name": "Lead",
        "record_id": "1",
        "field_name": "Stage__c",
        "value": "Lead",
        "state": "rejected",
        "code": "LOCKED",
        "as_of": "2026-11-22T10:00:00Z",
    }


def test_there_is_no_clock_before_a_crm_was_read(store: StateStore) -> None:
    assert store.latest_clock() is None


def test_a_crms_clock_never_goes_back(store: StateStore) -> None:
    store.note_extraction("salesforce", AS_OF, 0)
    store.note_extraction("salesforce", AS_OF - timedelta(hours=1), 0)

    assert store.latest_clock() == AS_OF


def test_the_latest_clock_is_the_later_of_both_crms(store: StateStore) -> None:
    store.note_extraction("salesforce", AS_OF, 4)
    store.note_extraction("hubspot", AS_OF + timedelta(seconds=7), 5)
    store.note_extraction("salesforce", AS_OF + timedelta(seconds=3), 6)

    assert store.latest_clock() == AS_OF + timedelta(seconds=7)
    assert store.receipt_marks() == {"salesforce": 6, "hubspot": 5}


def test_two_processes_can_write_in_turn(state_url: str) -> None:
    one, other = StateStore(state_url), StateStore(state_url)
    settle(one, wrote("Name"))
    settle(other, wrote("Lead"))

    assert one.ledger(SYNC) == other.ledger(SYNC) == {("1", "Stage__c"): "Lead"}


def test_records_keep_the_order_of_the_plan(store: StateStore) -> None:
    plan = keep(store, "b", "a", "c")

    records: list[RecordPlan] = list(plan.records)
    assert [record.record_id for record in records] == ["a", "b", "c"]
    stored = store.load_plan(SYNC)
    assert stored is not None
    assert list(stored.records) == records
