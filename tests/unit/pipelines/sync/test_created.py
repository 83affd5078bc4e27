"""Syncs that create records, that leave them to others, and that write the CRM's own fields."""

from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from pipelines.sync import guards as checking
from pipelines.sync import plan as planning
from pipelines.sync.apply import apply_plan, settle_intents
from pipelines.sync.changes import FieldChange
from pipelines.sync.config import Guards, Sync
from pipelines.sync.guards import Finding
from pipelines.sync.held import leavers, overlay
from pipelines.sync.memory import Ledger, Memory
from pipelines.sync.plan import Plan, Terms
from pipelines.sync.store import StateStore
from pipelines.sync.undo import plan_undo
from tests.unit.pipelines.builders import (
    AS_OF,
    REASONS,
    STAGE,
    plan_changes,
    row_of,
    rows_by_id,
    silent,
    sync_of,
)
from tests.unit.pipelines.fakes import FakeDestination, Kill, Killed

KEY = "Leadcycle_Key__c"
SUBJECT = REASONS | {"once": True, "native": True}
TASKS = sync_of(STAGE, SUBJECT, mode="upsert", match=KEY)
ONCE = sync_of(STAGE, SUBJECT, mode="create", match=KEY)
CALL = row_of("t1", stage="Open", reasons="Call them")


def held_by(**values: object) -> Mapping[str, Mapping[str, object]]:
    return {"t1": {"record_id": "t1", "stage": None, **values}}


def test_a_record_that_is_not_there_is_created_with_every_value_there_is() -> None:
    (record,) = plan_changes(TASKS, [CALL, row_of("t1")][:1], {}, {}).records

    assert record.is_new
    assert record.changes == (
        FieldChange("stage", "Stage__c", None, "Open", "ours", "new record"),
        FieldChange("reasons", "Reasons__c", None, "Call them", "ours", "new record"),
    )


def test_what_only_new_records_get_is_left_alone_from_then_on() -> None:
    (record,) = plan_changes(TASKS, [CALL], held_by(stage="Done"), {}).records

    assert [change.field for change in record.changes] == ["Stage__c"]


def test_a_sync_that_creates_leaves_what_is_there_as_it_is() -> None:
    plan = plan_changes(ONCE, [CALL], held_by(stage="Done"), {})

    assert (plan.records, plan.unchanged, plan.adds_up) == ((), 1, True)


@pytest.mark.parametrize("sync", [TASKS, ONCE])
def test_what_somebody_deleted_is_not_created_again(sync: Sync) -> None:
    plan = plan_changes(sync, [CALL], held_by(stage="Open", is_deleted=True), {})

    assert (plan.records, [alone.reason for alone in plan.left_alone]) in (
        ((), ["was deleted in the CRM"]),
    )


def test_a_record_that_a_run_created_is_there_before_it_was_read() -> None:
    now = overlay(TASKS, {}, {("t1", "Stage__c"): "Open"})

    assert plan_changes(TASKS, [CALL], now, {("t1", "Stage__c"): "Open"}).records == ()


def test_records_that_are_created_wait_where_there_are_too_many() -> None:
    plan = plan_changes(TASKS, [row_of(str(at), stage="Open") for at in range(3)], {}, {})

    findings = checking.check_plan(plan, Guards(max_created_records=2), Terms(TASKS, AS_OF))

    assert findings == (Finding("created_records", 2, 3, "records"),)


def test_an_undo_deletes_nothing_and_tells_of_what_the_plan_created(store: StateStore) -> None:
    crm = FakeDestination({})
    plan = plan_changes(TASKS, [CALL], {}, {})
    kept = store.keep_plan(TASKS, plan, AS_OF, "000001", ())
    assert apply_plan(TASKS, kept, crm, store, silent).written == 1

    written = store.written_by(TASKS, kept.plan_id)
    undo = plan_undo(TASKS, kept.plan_id, written, {"t1": {"Stage__c": "Open"}})

    assert (undo.records, undo.kept_human, undo.adds_up) == ((), 1, True)
    assert [alone.reason for alone in undo.left_alone] == [
        "the plan created it: delete it in the CRM"
    ]


def test_a_record_that_came_between_plan_and_run_is_left_for_the_next(store: StateStore) -> None:
    crm = FakeDestination({"t1": {"Stage__c": "Theirs"}})
    kept = store.keep_plan(TASKS, plan_changes(TASKS, [CALL], {}, {}), AS_OF, "000001", ())

    account = apply_plan(TASKS, kept, crm, store, silent)

    assert (account.deferred, crm.records["t1"]["Stage__c"]) == (1, "Theirs")


@pytest.mark.parametrize("when", ["before", "halfway", "after"])
def test_whenever_a_run_dies_nothing_is_created_twice(store: StateStore, when: str) -> None:
    crm = FakeDestination({}, kill=Kill(2, when))  # type: ignore[arg-type] - one of three
    wanted = [CALL, row_of("t2", stage="Open")]

    for _ in range(2):
        try:
            sync_once(TASKS, wanted, crm, store)
        except Killed:
            crm.restart()

    assert sorted(crm.records) == ["t1", "t2"]
    assert all(times == 1 for times in crm.times_sent().values())


def sync_once(
    sync: Sync, wanted: list[dict[str, object]], crm: FakeDestination, store: StateStore
) -> None:

    settle_intents(sync, crm, store)
    read = {key: row_of(key, stage=held.get("Stage__c")) for key, held in crm.records.items()}
    plan = planning.plan_changes(Terms(sync, AS_OF), wanted, read, store.memory(sync))
    apply_plan(sync, store.keep_plan(sync, plan, AS_OF, "000001", ()), crm, store, silent)


CLEARING = sync_of(STAGE, REASONS | {"with": "stage"}, on_leave="clear")


def plan_of_leavers(sync: Sync, held: Mapping[str, object], ledger: Ledger) -> Plan:
    """Plan for a record that the model has no longer, beside one that stays."""
    staying = row_of("2", stage="Lead")
    current = rows_by_id(row_of("1", **held), staying)
    left = leavers(sync, [staying], current, ledger)
    return planning.plan_changes(Terms(sync, AS_OF), [staying, *left], current, Memory(ledger))


def test_what_left_the_model_is_cleared_of_our_values_and_of_no_others() -> None:
    ledger: Ledger = {("1", "Stage__c"): "Lead", ("1", "Reasons__c"): "Demo"}

    plan = plan_of_leavers(CLEARING, {"stage": "Lead", "reasons": "Theirs"}, ledger)

    (record,) = plan.records
    assert [(change.field, change.old, change.new) for change in record.changes] == [
        ("Stage__c", "Lead", None)
    ]
    assert [(alone.field, alone.now) for alone in plan.left_alone] == [("Reasons__c", "Theirs")]
    assert plan.adds_up


def test_what_left_the_model_keeps_our_values_unless_told_otherwise() -> None:
    plan = plan_of_leavers(sync_of(STAGE), {"stage": "Lead"}, {("1", "Stage__c"): "Lead"})

    assert (plan.records, plan.source) == ((), 1)


def test_what_left_and_was_cleared_is_spoken_of_no_more() -> None:
    assert leavers(CLEARING, [], rows_by_id(row_of("1")), {("1", "Stage__c"): None}) == []


NATIVE = STAGE | {
    "native": True,
    "policy": "forward_only",
    "values": {"name": "lead", "lead": "marketingqualifiedlead"},
    "order": ["subscriber", "lead", "marketingqualifiedlead", "opportunity"],
}


@pytest.mark.parametrize(
    ("wanted", "now", "new"),
    [
        ("lead", "subscriber", "marketingqualifiedlead"),
        ("lead", None, "marketingqualifiedlead"),
        ("lead", "marketingqualifiedlead", None),
        ("lead", "opportunity", None),
        ("recycled", "subscriber", None),
    ],
)
def test_a_native_field_gets_the_crms_word_and_is_never_taken_back(
    wanted: str, now: str | None, new: str | None
) -> None:
    current = rows_by_id(row_of("1", stage=now))
    plan = plan_changes(sync_of(NATIVE), [row_of("1", stage=wanted)], current, {})

    assert [change.new for record in plan.records for change in record.changes] == (
        [new] if new else []
    )


def test_provisioning_makes_the_key_and_no_field_of_the_crms_own() -> None:
    sync = sync_of(STAGE | {"field": "Leadcycle_Stage__c"}, SUBJECT, mode="upsert", match=KEY)

    assert [(own.name, own.is_key) for own in sync.own_fields()] == [
        (KEY, True),
        ("Leadcycle_Stage__c", False),
        ("Synced__c", False),
    ]


@pytest.mark.parametrize(
    ("others", "what"),
    [
        ({"mode": "upsert"}, "names the field by which records are created"),
        ({"match": KEY}, "names the field by which records are created"),
        ({}, "Reasons__c is `once`, and nothing is created"),
        ({"mode": "create", "match": "Stage__c"}, "Stage__c|stage__c stands twice"),
    ],
)
def test_a_sync_that_contradicts_itself_is_refused(others: dict[str, str], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        sync_of(STAGE, SUBJECT, **others)
