"""Sending a plan: batches, receipts, and success only where the CRM holds the value."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.errors import UnavailableError
from connectors.records import Value
from pipelines.sync.apply import Account, apply_plan
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, SCORE, STAGE, plan_of, row_of, silent, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of(STAGE, SCORE)
LEAD = {"stage": "Lead", "score": 40}


def keep(store: StateStore, crm: FakeDestination, **wanted: object) -> StoredPlan:
    """Plan the same values for every record there is."""
    plan = plan_of(SYNC, *(row_of(key, **wanted or LEAD) for key in crm.records), held=crm)
    return store.keep_plan(SYNC, plan, AS_OF, "000001", ())


def send(store: StateStore, crm: FakeDestination, plan: StoredPlan | None = None) -> Account:
    return apply_plan(SYNC, plan or keep(store, crm), crm, store, silent)


def crm_of(*record_ids: str, **settings: object) -> FakeDestination:
    records: Mapping[str, Mapping[str, Value]] = {record_id: {} for record_id in record_ids}
    return FakeDestination(records, **settings)  # type: ignore[arg-type]


def receipts(store: StateStore) -> list[tuple[str, str, str | None, str, str]]:
    columns = ("record_id", "field_name", "value", "state", "code")
    return [tuple(row[name] for name in columns) for row in store.receipts_after(0)]


def test_values_and_the_stamp_reach_the_crm(store: StateStore) -> None:
    crm = crm_of("1")

    account = send(store, crm)

    assert account == Account(written=1)
    assert crm.writes == [
        [
            RecordChange(
                "1",
                {"Stage__c": "Lead", "Score__c": Decimal("40.00"), "Synced__c": AS_OF},
                {"Stage__c": None, "Score__c": None},
            )
        ]
    ]


def test_what_was_written_has_receipts_and_stands_in_the_ledger(store: StateStore) -> None:
    send(store, crm_of("1"))

    assert receipts(store) == [
        ("1", "Stage__c", "Lead", "written", ""),
        ("1", "Score__c", "40.00", "written", ""),
    ]
    assert store.ledger(SYNC) == {("1", "Stage__c"): "Lead", ("1", "Score__c"): Decimal("40.00")}


def test_a_plan_goes_out_in_batches_that_the_crm_takes(store: StateStore) -> None:
    crm, seen = crm_of(*"12345", batch_size=2), []

    apply_plan(SYNC, keep(store, crm), crm, store, lambda name, sent: seen.append((name, sent)))

    assert [len(batch) for batch in crm.writes] == [2, 2, 1]
    assert seen == [(SYNC.name, 2), (SYNC.name, 4), (SYNC.name, 5)]


def test_a_plan_without_changes_makes_no_call(store: StateStore) -> None:
    crm = FakeDestination({"1": {"Stage__c": "Lead", "Score__c": Decimal(40)}})

    assert send(store, crm) == Account()
    assert crm.calls_made == 0


def test_only_changed_fields_are_sent(store: StateStore) -> None:
    crm = FakeDestination({"1": {"Stage__c": "Name", "Score__c": Decimal(40)}})

    send(store, crm)

    sent = {"Stage__c": "Lead", "Synced__c": AS_OF}
    assert crm.writes == [[RecordChange("1", sent, {"Stage__c": "Name"})]]


def test_none_clears_a_field(store: StateStore) -> None:
    crm = FakeDestination({"1": {"Stage__c": "Name", "Score__c": Decimal(40)}})

    account = send(store, crm, keep(store, crm, stage=None, score=40))

    assert (account, crm.records["1"]["Stage__c"]) == (Account(written=1), None)
    assert receipts(store) == [("1", "Stage__c", None, "written", "")]


def test_a_refused_record_is_counted_and_costs_the_others_nothing(store: StateStore) -> None:
    crm = crm_of("1", "2", "3", batch_size=3, refusals={"2": "UNABLE_TO_LOCK_ROW"})

    assert send(store, crm) == Account(written=2, rejected=1)
    assert {key: crm.records[key].get("Stage__c") for key in "123"} == {
        "1": "Lead",
        "2": None,
        "3": "Lead",
    }
    assert ("2", "Stage__c", "Lead", "rejected", "UNABLE_TO_LOCK_ROW") in receipts(store)
    assert ("2", "Stage__c") not in store.ledger(SYNC)


def test_a_value_that_is_not_there_afterwards_was_not_taken(store: StateStore) -> None:
    crm = crm_of("1", deaf_to=frozenset({"Stage__c"}))

    assert send(store, crm) == Account(rejected=1)
    assert receipts(store) == [
        ("1", "Stage__c", "Lead", "rejected", "NOT_TAKEN"),
        ("1", "Score__c", "40.00", "written", ""),
    ]
    assert store.ledger(SYNC) == {("1", "Score__c"): Decimal("40.00")}


def test_a_clear_that_the_crm_ignores_was_not_taken(store: StateStore) -> None:
    crm = FakeDestination({"1": {"Stage__c": "Name"}}, deaf_to=frozenset({"Stage__c"}))

    assert send(store, crm, keep(store, crm, stage=None)) == Account(rejected=1)
    assert receipts(store) == [("1", "Stage__c", None, "rejected", "NOT_TAKEN")]


def test_a_clear_of_a_record_that_vanished_was_not_taken(store: StateStore) -> None:
    class VanishingDestination(FakeDestination):
        def write(
            self, object_name: str, changes: object, match: str | None = None
        ) -> list[WriteResult]:
            self.records.clear()
            return [WriteResult("1", "accepted")]

    crm = VanishingDestination({"1": {"Stage__c": "Name"}})

    assert send(store, crm, keep(store, crm, stage=None)) == Account(rejected=1)


def test_a_record_without_an_answer_is_judged_by_what_it_holds(store: StateStore) -> None:
    crm = crm_of("1", "2", silent_about=frozenset({"2"}))

    assert send(store, crm) == Account(written=2)
    assert {state for *_, state, _ in receipts(store)} == {"written"}


def test_a_record_that_changed_since_the_plan_is_not_touched(store: StateStore) -> None:
    crm = crm_of("1", "2")
    plan = keep(store, crm)
    crm.records["1"]["Stage__c"] = "typed"

    assert send(store, crm, plan) == Account(written=1, deferred=1)
    assert (crm.records["1"], crm.times_sent()) == ({"Stage__c": "typed"}, {"2": 1})


def test_a_record_that_vanished_since_the_plan_is_left_for_the_next(store: StateStore) -> None:
    crm = crm_of("1", "2")
    plan = keep(store, crm)
    del crm.records["1"]

    assert send(store, crm, plan) == Account(written=1, deferred=1)


def test_a_batch_in_which_every_record_drifted_makes_no_write(store: StateStore) -> None:
    crm = crm_of("1")
    plan = keep(store, crm)
    crm.records["1"]["Score__c"] = Decimal("1.00")

    assert send(store, crm, plan) == Account(deferred=1)
    assert (crm.calls.write, store.open_intents(SYNC)) == (0, [])


def test_a_change_to_a_field_we_do_not_send_is_no_drift(store: StateStore) -> None:
    crm = FakeDestination({"1": {"Stage__c": "Name", "Score__c": Decimal(40)}})
    plan = keep(store, crm)
    crm.records["1"] |= {"Phone": "555-0100", "Score__c": Decimal(90)}

    assert send(store, crm, plan) == Account(written=1)


def test_a_difference_in_spelling_alone_is_no_drift(store: StateStore) -> None:
    crm = FakeDestination({"1": {"Stage__c": "Name", "Score__c": Decimal(20)}})
    plan = keep(store, crm)
    crm.records["1"] = {"Stage__c": "Name ", "Score__c": Decimal("20.000000000")}

    assert send(store, crm, plan) == Account(written=1)


def test_a_plan_that_was_sent_is_closed_with_its_account(store: StateStore) -> None:
    send(store, crm_of("1", "2", refusals={"2": "LOCKED"}))

    (account,) = store.plan_accounts()
    outcome = {name: account[name] for name in ("status", "written", "rejected", "deferred")}
    assert outcome == {"status": "applied", "written": 1, "rejected": 1, "deferred": 0}
    assert store.open_intents(SYNC) == []


def test_an_unreachable_crm_leaves_receipts_of_the_batches_sent(store: StateStore) -> None:
    class FailingDestination(FakeDestination):
        def write(
            self, object_name: str, changes: object, match: str | None = None
        ) -> list[WriteResult]:
            if self.writes:
                raise UnavailableError("salesforce", "composite")
            return super().write(object_name, changes)  # type: ignore[arg-type]

    crm = FailingDestination({key: {} for key in "123"}, batch_size=1)
    with pytest.raises(UnavailableError):
        send(store, crm)

    assert {record_id for record_id, *_ in receipts(store)} == {"1"}
    assert [intent.record_ids for intent, _ in store.open_intents(SYNC)] == [("2",)]
