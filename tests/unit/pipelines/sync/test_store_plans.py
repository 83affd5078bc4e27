"""Plans are kept before anything is sent, replaced by newer ones, and approved by digest."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connectors.records import FieldType, Value
from pipelines.sync.changes import FieldChange, RecordPlan
from pipelines.sync.guards import Finding
from pipelines.sync.plan import Plan
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, STAGE, sync_of

SYNC = sync_of(STAGE)
FINDING = Finding("overwritten_share", 0.5, 0.75)


def plan_to(new: str, **counts: Any) -> Plan:
    change = FieldChange("stage", "Stage__c", "Name", new, "ours", "changed")
    records = (RecordPlan("1", "person-1", (change,)),)
    return Plan(
        SYNC.name, records, **{"source": 1, "unchanged": 0, "kept_human": 0, "no_match": 0} | counts
    )


LEAD, CUSTOMER = plan_to("Lead"), plan_to("Customer")


def keep(store: StateStore, plan: Plan, *findings: Finding) -> StoredPlan:
    return store.keep_plan(SYNC, plan, AS_OF, "000001", findings)


def approve(store: StateStore, plan: Plan) -> int:
    return store.approve(plan.digest, "ada", "checked", AS_OF)


def status(store: StateStore) -> str | None:
    plan = store.load_plan(SYNC)
    return plan.status if plan else None


def test_a_plan_comes_back_as_it_was_kept(store: StateStore) -> None:
    kept = keep(store, LEAD)

    assert kept == StoredPlan(1, LEAD.digest, "ready", AS_OF, LEAD.records)
    assert store.load_plan(SYNC) == kept


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("string", None, "Åsa 陽子 'x'"),
        ("integer", 7, None),
        ("decimal", Decimal("40.00"), Decimal("-0.50")),
        ("boolean", False, True),
        ("date", date(2026, 11, 22), date(2026, 11, 23)),
        ("datetime", None, AS_OF),
    ],
)
def test_values_of_every_type_come_back(
    store: StateStore, kind: FieldType, old: Value, new: Value
) -> None:
    sync = sync_of(STAGE | {"type": kind})
    change = FieldChange("stage", "Stage__c", old, new, "human_wins", "changed")
    records = (RecordPlan("1", "person-1", (change,)),)

    store.keep_plan(sync, Plan(sync.name, records, 1, 0, 0, 0), AS_OF, "000001", ())

    stored = store.load_plan(sync)
    assert stored is not None
    assert stored.records == records


def test_there_is_no_plan_before_the_first(store: StateStore) -> None:
    assert store.load_plan(SYNC) is None


def test_a_plan_without_changes_is_kept_too(store: StateStore) -> None:
    kept = keep(store, Plan(SYNC.name, (), 3, 3, 0, 0))

    assert store.load_plan(SYNC) == kept
    assert kept.records == ()


def test_a_newer_plan_supersedes_the_older(store: StateStore) -> None:
    keep(store, LEAD)
    newer = keep(store, CUSTOMER)

    assert store.load_plan(SYNC) == newer
    assert [row["status"] for row in store.plan_accounts()] == ["superseded", "ready"]


def test_plans_of_other_syncs_are_not_superseded(store: StateStore) -> None:
    mine = keep(store, LEAD)
    other = SYNC.model_copy(update={"name": "hubspot__contacts"})

    store.keep_plan(other, CUSTOMER, AS_OF, "000001", ())

    assert store.load_plan(SYNC) == mine


def test_an_applied_plan_is_not_to_be_applied_again(store: StateStore) -> None:
    store.finish_plan(keep(store, LEAD).plan_id, written=1, rejected=0, deferred=0)

    assert store.load_plan(SYNC) is None


def test_a_plan_that_a_guard_stops_waits_for_a_person(store: StateStore) -> None:
    assert keep(store, LEAD, FINDING).status == status(store) == "waiting"


def test_an_approval_lets_a_waiting_plan_go(store: StateStore) -> None:
    keep(store, LEAD, FINDING)

    assert approve(store, LEAD) == 1
    assert status(store) == "approved"


def test_an_approved_plan_is_still_to_be_applied_whatever_is_planned_since(
    store: StateStore,
) -> None:
    approved = keep(store, LEAD, FINDING)
    approve(store, LEAD)
    keep(store, CUSTOMER, FINDING)

    kept = store.load_plan(SYNC, ("approved",))
    assert kept is not None
    assert (kept.plan_id, kept.records) == (approved.plan_id, approved.records)


def test_an_approval_is_good_once(store: StateStore) -> None:
    plan_id = keep(store, LEAD, FINDING).plan_id
    approve(store, LEAD)
    store.finish_plan(plan_id, written=1, rejected=0, deferred=0)

    assert keep(store, LEAD, FINDING).status == "waiting"
    assert store.load_plan(SYNC, ("approved",)) is None


def test_an_approval_holds_for_that_plan_only(store: StateStore) -> None:
    keep(store, LEAD, FINDING)
    approve(store, LEAD)

    assert keep(store, CUSTOMER, FINDING).status == "waiting"


def test_an_unknown_digest_approves_nothing_now_or_later(store: StateStore) -> None:
    assert approve(store, LEAD) == 0
    assert keep(store, LEAD, FINDING).status == "waiting"


def test_a_superseded_plan_cannot_be_approved(store: StateStore) -> None:
    keep(store, LEAD, FINDING)
    keep(store, CUSTOMER, FINDING)

    assert approve(store, LEAD) == 0
    assert status(store) == "waiting"


def test_an_account_holds_the_plan_its_findings_and_what_became_of_it(store: StateStore) -> None:
    plan = plan_to("Lead", source=6, unchanged=3, kept_human=1, no_match=1)
    store.finish_plan(keep(store, plan, FINDING).plan_id, written=0, rejected=1, deferred=0)

    assert store.plan_accounts() == [
        {
            "plan_id": 1,
            "sync": "salesforce__leads",
            "crm": "salesforce",
            "object_name": "Lead",
            "kind": "sync",
            "undoes": None,
            "digest": plan.digest,
            "as_of": "2026-11-22T10:00:00Z",
            "snapshot": "000001",
            "status": "applied",
            "findings": "overwritten_share: 75.0% of records, 50.0% allowed",
            "source": 6,
            "planned": 1,
            "unchanged": 3,
            "kept_human": 1,
            "no_match": 1,
            "held_back": 0,
            "written": 0,
            "rejected": 1,
            "deferred": 0,
        }
    ]


def test_the_share_that_was_refused_is_of_the_last_run_that_sent_enough(store: StateStore) -> None:
    for written, rejected in ((5, 5), (10, 0), (1, 2)):
        store.finish_plan(keep(store, LEAD).plan_id, written, rejected, deferred=0)

    assert store.rejected_share(SYNC.name, 3) == pytest.approx(2 / 3)
    assert store.rejected_share(SYNC.name, 4) == 0.0
    assert store.rejected_share(SYNC.name, 11) == 0.0
    assert store.rejected_share("another", 1) == 0.0


def test_a_plan_in_shadow_is_kept_and_never_applied(store: StateStore) -> None:
    store.keep_plan(SYNC, LEAD, AS_OF, "000001", (FINDING,), is_shadow=True)
    newer = store.keep_plan(SYNC, CUSTOMER, AS_OF, "000002", (), is_shadow=True)

    assert newer.status == "shadow"
    assert (store.load_plan(SYNC), approve(store, LEAD)) == (None, 0)
    assert [row["status"] for row in store.plan_accounts()] == ["shadow", "shadow"]
