"""What may happen without a person's approval."""

from datetime import timedelta

import pytest

from pipelines.sync import guards as checking
from pipelines.sync.changes import FieldChange, RecordPlan
from pipelines.sync.config import Guards
from pipelines.sync.guards import USUAL, Circumstances, Finding
from pipelines.sync.plan import Plan, Terms
from tests.unit.pipelines.builders import AS_OF, STAGE, sync_of

GUARDS = Guards(max_overwritten_share=0.5, max_cleared_share=0.1, from_records=10)


def check_plan(
    plan: Plan, guards: Guards, circumstances: Circumstances = USUAL, **stage: object
) -> tuple[Finding, ...]:
    """Check a plan of a sync whose only field is its stage."""
    return checking.check_plan(plan, guards, Terms(sync_of(STAGE | stage), AS_OF), circumstances)


def plan_with(*changes: tuple[str | None, str | None], source: int = 10) -> Plan:
    """Return a plan with one change (old, new) for each record."""
    records = tuple(
        RecordPlan(str(at), f"person-{at}", (FieldChange("stage", "Stage__c", *pair, "ours", ""),))
        for at, pair in enumerate(changes)
    )
    return Plan("leads", records, source, source - len(records), 0, 0)


def test_first_values_pass_every_guard() -> None:
    assert check_plan(plan_with(*[(None, "Lead")] * 10), GUARDS) == ()


def test_overwriting_as_much_as_allowed_passes() -> None:
    assert check_plan(plan_with(*[("Name", "Lead")] * 5), GUARDS) == ()


def test_overwriting_more_than_allowed_is_found() -> None:
    plan = plan_with(*[("Name", "Lead")] * 6)

    assert check_plan(plan, GUARDS) == (Finding("overwritten_share", 0.5, 0.6),)


def test_clearing_more_than_allowed_is_found() -> None:
    plan = plan_with(*[("Name", None)] * 2)

    assert check_plan(plan, GUARDS) == (Finding("cleared_share", 0.1, 0.2),)


def test_a_plan_can_fail_both_guards() -> None:
    findings = check_plan(plan_with(*[("Name", None)] * 6), GUARDS)

    assert [finding.guard for finding in findings] == ["overwritten_share", "cleared_share"]


def test_a_record_with_two_overwritten_fields_counts_once() -> None:
    change = FieldChange("stage", "Stage__c", "Name", "Lead", "ours", "")
    records = tuple(RecordPlan(str(at), "p", (change, change)) for at in range(5))

    assert check_plan(Plan("leads", records, 10, 5, 0, 0), GUARDS) == ()


def test_shares_say_nothing_about_few_records() -> None:
    few = plan_with(*[("Name", None)] * 9, source=9)

    assert check_plan(few, GUARDS) == ()
    assert check_plan(few, GUARDS.model_copy(update={"from_records": 9})) != ()


def test_a_sync_model_without_rows_passes_though_guards_hold_from_no_records() -> None:
    assert check_plan(plan_with(source=0), Guards(from_records=0)) == ()


@pytest.mark.parametrize("limit", [-0.1, 1.1])
def test_a_share_is_between_nothing_and_all(limit: float) -> None:
    with pytest.raises(ValueError, match="max_cleared_share"):
        Guards(max_cleared_share=limit)


def test_a_finding_reads_as_a_sentence() -> None:
    finding = Finding("overwritten_share", 0.5, 0.625)

    assert str(finding) == "overwritten_share: 62.5% of records, 50.0% allowed"


ORDER = {"role": "stage", "order": ["Name", "Lead", "Customer"]}


def test_stages_that_move_back_are_found() -> None:
    back, on = ("Customer", "Name"), ("Name", "Customer")
    guards = GUARDS.model_copy(update={"max_regressed_share": 0.2})

    assert check_plan(plan_with(back, back, on), guards, **ORDER) == ()
    assert check_plan(plan_with(back, back, back), guards, **ORDER) == (
        Finding("regressed_share", 0.2, 0.3),
    )


def test_a_field_that_is_no_stage_never_moves_back() -> None:
    guards = GUARDS.model_copy(update={"max_regressed_share": 0.0})

    assert check_plan(plan_with(("Customer", "Name")), guards) == ()


def test_owners_who_change_are_counted_however_many_records_there_are() -> None:
    moved = plan_with(("ann", "bob"), ("ann", "eve"), (None, "bob"), source=3)
    guards = GUARDS.model_copy(update={"max_owner_changes": 1})

    assert check_plan(moved, guards, role="owner") == (Finding("owner_changes", 1, 2, "records"),)


def test_a_number_of_records_may_be_the_limit() -> None:
    guards = GUARDS.model_copy(update={"max_overwritten_records": 1, "max_overwritten_share": 1.0})

    (finding,) = check_plan(plan_with(*[("Name", "Lead")] * 2), guards)

    assert str(finding) == "overwritten_records: 2 records, 1 allowed"


def test_what_is_published_may_be_too_old() -> None:
    plan = plan_with((None, "Lead"))

    assert check_plan(plan, GUARDS, Circumstances(age=timedelta(hours=48))) == ()
    (finding,) = check_plan(plan, GUARDS, Circumstances(age=timedelta(hours=72)))
    assert str(finding) == "age_hours: 72 hours, 48 allowed"


def test_a_last_run_that_was_mostly_refused_is_found() -> None:
    plan = plan_with((None, "Lead"))

    assert check_plan(plan, GUARDS, Circumstances(rejected_share=0.2)) == ()
    (finding,) = check_plan(plan, GUARDS, Circumstances(rejected_share=0.5))
    assert str(finding) == "rejected_share_of_last_run: 50.0% of records, 20.0% allowed"


def test_a_field_that_changed_in_the_crm_is_found_before_anything_is_sent() -> None:
    drifted = Circumstances(drift=("Stage__c is gone, or hidden from our user",))

    (finding,) = check_plan(plan_with((None, "Lead")), GUARDS, drifted)

    assert str(finding) == "schema_drift: Stage__c is gone, or hidden from our user"


def test_a_plan_without_changes_has_nothing_to_stop() -> None:
    worst = Circumstances(timedelta(days=9), 1.0, ("Stage__c can't be written",))

    assert check_plan(plan_with(), GUARDS, worst) == ()
