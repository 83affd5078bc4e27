"""What a plan remembers of earlier runs: refusals, people's values, what was left alone."""

from datetime import datetime, timedelta

from connectors.changes import TargetField
from pipelines.sync.apply import Account, apply_plan
from pipelines.sync.memory import Memory
from pipelines.sync.plan import Plan, Terms, plan_changes
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, STAGE, as_extracted, row_of, silent, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of(STAGE)
DAY = timedelta(days=1)
RULE = "FIELD_CUSTOM_VALIDATION_EXCEPTION"


def plan_at(
    store: StateStore, crm: FakeDestination, at: datetime, stage: str = "Lead", policy: str = "ours"
) -> tuple[Plan, StoredPlan]:
    """Plan the same stage for all records at an instant, and keep the plan."""
    days = {"days": 30} if policy == "human_wins_for" else {}
    sync = sync_of(STAGE | {"policy": policy} | days)
    wanted = [row_of(key, stage=stage) for key in crm.records]
    terms = Terms(sync, at, crm.targets)
    plan = plan_changes(terms, wanted, as_extracted(sync, crm), store.memory(sync))
    return plan, store.keep_plan(sync, plan, at, "000001", ())


def run(
    store: StateStore, crm: FakeDestination, at: datetime = AS_OF, stage: str = "Lead"
) -> Account:
    _, kept = plan_at(store, crm, at, stage)
    return apply_plan(SYNC, kept, crm, store, silent)


def left_alone(store: StateStore) -> list[tuple[str, ...]]:
    columns = ("record_id", "field_name", "state", "reason")
    return [tuple(row[name] for name in columns) for row in store.remembered.left_alone()]


def test_a_refused_record_is_not_sent_again_at_once_and_is_counted(store: StateStore) -> None:
    crm = FakeDestination({"1": {}, "2": {}}, refusals={"1": RULE})
    assert run(store, crm) == Account(written=1, rejected=1)

    plan, _ = plan_at(store, crm, AS_OF)

    assert (plan.records, plan.held_back, plan.unchanged) == ((), 1, 1)
    assert plan.adds_up
    assert left_alone(store) == [("1", "", "rejected", RULE)]


def test_t4_a_refused_record_is_sent_again_with_the_value_of_that_day(store: StateStore) -> None:
    crm = FakeDestination({"1": {}}, refusals={"1": RULE})
    run(store, crm)
    mended = FakeDestination(crm.records)

    assert run(store, mended, AS_OF + timedelta(hours=5)) == Account()
    assert run(store, mended, AS_OF + timedelta(hours=6)) == Account(written=1)
    assert (mended.records["1"]["Stage__c"], left_alone(store)) == ("Lead", [])
    assert store.remembered.refusals(SYNC) == {}


def test_a_refused_record_of_which_another_value_is_wanted_is_sent_at_once(
    store: StateStore,
) -> None:
    crm = FakeDestination({"1": {}}, refusals={"1": RULE})
    run(store, crm)

    assert run(store, FakeDestination(crm.records), stage="Customer") == Account(written=1)


def test_a_value_that_the_field_cannot_take_is_never_sent(store: StateStore) -> None:
    takes = {"Stage__c": TargetField("Stage__c", "string", options=("Name",))}
    crm = FakeDestination({"1": {}}, targets=takes)

    assert run(store, crm) == Account()
    assert (crm.calls.write, left_alone(store)) == (
        0,
        [("1", "Stage__c", "rejected", "NOT_AN_OPTION")],
    )


def test_t12_what_a_person_typed_is_kept_and_told_with_both_values(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})
    run(store, crm)
    crm.records["1"]["Stage__c"] = "typed"

    plan, _ = plan_at(store, crm, AS_OF + DAY, "Customer", "human_wins")

    (row,) = store.remembered.left_alone()
    assert (plan.records, plan.kept_human) == ((), 1)
    assert (row["now_value"], row["wanted_value"], row["state"]) == (
        "typed",
        "Customer",
        "kept_human",
    )


def test_a_persons_value_stands_for_its_days_from_when_it_was_first_seen(
    store: StateStore,
) -> None:
    crm = FakeDestination({"1": {"Stage__c": "typed"}})
    policy = "human_wins_for"

    planned = [
        len(plan_at(store, crm, AS_OF + days * DAY, "Lead", policy)[0].records)
        for days in (0, 1, 29, 30)
    ]

    assert planned == [0, 0, 0, 1]


def test_another_value_of_a_person_begins_its_days_anew(store: StateStore) -> None:
    crm, policy = FakeDestination({"1": {"Stage__c": "typed"}}), "human_wins_for"
    plan_at(store, crm, AS_OF, "Lead", policy)
    crm.records["1"]["Stage__c"] = "typed again"
    plan_at(store, crm, AS_OF + 20 * DAY, "Lead", policy)

    plan, _ = plan_at(store, crm, AS_OF + 40 * DAY, "Lead", policy)

    assert plan.kept_human == 1


def test_what_a_plan_leaves_alone_takes_the_place_of_what_the_last_one_did(
    store: StateStore,
) -> None:
    crm = FakeDestination({"1": {"Stage__c": "typed"}})
    plan_at(store, crm, AS_OF, "Lead", "human_wins")
    assert left_alone(store) != []
    crm.records["1"]["Stage__c"] = "Lead"

    plan_at(store, crm, AS_OF + DAY, "Lead", "human_wins")

    assert left_alone(store) == []


def test_a_record_that_changed_while_a_plan_waited_is_told_as_left_for_later(
    store: StateStore,
) -> None:
    crm = FakeDestination({"1": {}})
    _, kept = plan_at(store, crm, AS_OF)
    crm.records["1"]["Stage__c"] = "typed"

    assert apply_plan(SYNC, kept, crm, store, silent) == Account(deferred=1)
    assert left_alone(store) == [("1", "", "deferred", "changed since the plan")]


def test_nothing_is_remembered_of_other_syncs(store: StateStore) -> None:
    crm = FakeDestination({"1": {}}, refusals={"1": RULE})
    run(store, crm)
    other = SYNC.model_copy(update={"object": "Contact", "name": "salesforce__contacts"})

    assert store.memory(other) == Memory()
