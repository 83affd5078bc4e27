"""What may happen without a person's approval."""

import pytest

from pipelines.sync.config import Guards
from pipelines.sync.guards import Finding, check_plan
from pipelines.sync.plan import FieldChange, Plan, RecordPlan

GUARDS = Guards(max_overwritten_share=0.5, max_cleared_share=0.1, from_records=10)


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
