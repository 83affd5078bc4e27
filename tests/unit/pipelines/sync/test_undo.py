"""An undo gives back what a plan replaced, where the CRM still holds ours."""

from pipelines.sync.apply import Account, apply_plan
from pipelines.sync.batches import read_held
from pipelines.sync.plan import Plan, Terms, plan_changes
from pipelines.sync.store import StateStore
from pipelines.sync.undo import plan_undo
from tests.unit.pipelines.builders import AS_OF, SCORE, STAGE, as_extracted, row_of, silent, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of(STAGE | {"policy": "fill_empty"}, SCORE)


def run(store: StateStore, crm: FakeDestination, stage: str = "Lead", score: int = 40) -> int:
    """Sync all records; return the plan's number."""
    wanted = [row_of(key, stage=stage, score=score) for key in crm.records]
    plan = plan_changes(Terms(SYNC, AS_OF), wanted, as_extracted(SYNC, crm), store.memory(SYNC))
    kept = store.keep_plan(SYNC, plan, AS_OF, "000001", ())
    apply_plan(SYNC, kept, crm, store, silent)
    return kept.plan_id


def undo_of(store: StateStore, crm: FakeDestination, plan_id: int) -> Plan:
    held = read_held(SYNC, crm, list(crm.records))
    return plan_undo(SYNC, plan_id, store.written_by(SYNC, plan_id), held)


def undo(store: StateStore, crm: FakeDestination, plan_id: int) -> Account:
    plan = undo_of(store, crm, plan_id)
    kept = store.keep_plan(SYNC, plan, AS_OF, "000001", (), undoes=plan_id)
    return apply_plan(SYNC, kept, crm, store, silent)


def ours(crm: FakeDestination) -> dict[str, tuple[object, object]]:
    return {key: (held.get("Stage__c"), held.get("Score__c")) for key, held in crm.records.items()}


def test_an_undone_run_leaves_the_records_as_they_were(store: StateStore) -> None:
    crm = FakeDestination({"1": {}, "2": {"Score__c": 7}})
    before = ours(crm)
    plan_id = run(store, crm)
    assert ours(crm) != before

    assert undo(store, crm, plan_id) == Account(written=2)
    assert ours(crm) == before


def test_only_the_last_run_is_taken_back(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})
    run(store, crm, "Name", 10)
    after_first = ours(crm)

    undo(store, crm, run(store, crm, "Lead", 40))

    assert ours(crm) == after_first
    assert store.ledger(SYNC) == {("1", "Stage__c"): "Name", ("1", "Score__c"): 10}


def test_what_somebody_changed_since_stays(store: StateStore) -> None:
    crm = FakeDestination({"1": {}, "2": {}})
    plan_id = run(store, crm)
    crm.records["1"] |= {"Stage__c": "typed"}
    crm.records["2"] |= {"Stage__c": "typed", "Score__c": 99}

    plan = undo_of(store, crm, plan_id)
    undo(store, crm, plan_id)

    assert (plan.source, len(plan.records), plan.kept_human, plan.adds_up) == (2, 1, 1, True)
    assert ours(crm) == {"1": ("typed", None), "2": ("typed", 99)}


def test_a_record_that_is_gone_is_told(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})
    plan_id = run(store, crm)
    crm.records.clear()

    plan = undo_of(store, crm, plan_id)

    assert (plan.records, plan.no_match, plan.source) == ((), 1, 1)


def test_a_persons_value_that_came_back_is_a_persons(store: StateStore) -> None:
    forced = SYNC.model_copy(update={"fields": sync_of(STAGE, SCORE).fields})
    crm = FakeDestination({"1": {"Stage__c": "typed"}})
    wanted = [row_of("1", stage="Lead", score=40)]
    plan = plan_changes(Terms(forced, AS_OF), wanted, as_extracted(forced, crm), store.memory(SYNC))
    kept = store.keep_plan(forced, plan, AS_OF, "000001", ())
    apply_plan(forced, kept, crm, store, silent)

    undo(store, crm, kept.plan_id)
    run(store, crm, "Customer")

    assert crm.records["1"]["Stage__c"] == "typed"


def test_an_undo_says_which_plan_it_takes_back(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})
    plan_id = run(store, crm)
    undo(store, crm, plan_id)

    row = store.plan_accounts()[-1]
    assert (row["kind"], row["undoes"], row["status"]) == ("undo", plan_id, "applied")


def test_an_undo_can_be_undone(store: StateStore) -> None:
    crm = FakeDestination({"1": {}})
    plan_id = run(store, crm)
    after = ours(crm)
    undo(store, crm, plan_id)

    undo(store, crm, plan_id + 1)

    assert ours(crm) == after


def test_an_undo_sends_one_call_for_a_batch(store: StateStore) -> None:
    crm = FakeDestination({key: {} for key in "1234"}, batch_size=4)
    plan_id = run(store, crm)

    undo(store, crm, plan_id)

    assert [len(batch) for batch in crm.writes] == [4, 4]
