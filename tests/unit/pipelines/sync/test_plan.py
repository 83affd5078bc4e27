"""Plans: which fields of which records, and an outcome for every row."""

from decimal import Decimal

from pipelines.sync.changes import FieldChange, RecordPlan
from pipelines.sync.held import overlay
from pipelines.sync.plan import Plan
from tests.unit.pipelines.builders import (
    REASONS,
    SCORE,
    STAGE,
    plan_changes,
    row_of,
    rows_by_id,
    sync_of,
    utc,
)

SYNC = sync_of()
HELD = {"stage": "Name", "since": utc("2026-10-01"), "score": 40, "reasons": "Visited pricing"}


def test_a_plan_names_record_field_old_new_and_reason() -> None:
    wanted, held = row_of("1", **HELD | {"stage": "Lead"}), row_of("1", **HELD)

    plan = plan_changes(SYNC, [wanted], rows_by_id(held), {("1", "Stage__c"): "Name"})

    change = FieldChange("stage", "Stage__c", "Name", "Lead", "ours", "changed")
    records = (RecordPlan("1", "person-1", (change,)),)
    assert plan == Plan("salesforce__leads", records, 1, unchanged=0, kept_human=0, no_match=0)


def test_every_row_has_one_outcome() -> None:
    sync = sync_of(STAGE | {"policy": "human_wins"})
    wanted = [row_of(key, stage="Lead") for key in ("new", "same", "typed", "gone")]
    held = [row_of("new"), row_of("same", stage="Lead"), row_of("typed", stage="VIP")]

    plan = plan_changes(sync, wanted, rows_by_id(*held), {})

    assert [record.record_id for record in plan.records] == ["new"]
    assert (plan.source, plan.unchanged, plan.kept_human, plan.no_match) == (4, 1, 1, 1)


def test_records_nobody_wants_anything_of_are_not_touched() -> None:
    plan = plan_changes(SYNC, [], rows_by_id(row_of("1", **HELD)), {})

    assert (plan.records, plan.source) == ((), 0)


def test_a_record_with_one_kept_and_one_written_field_is_planned() -> None:
    sync = sync_of(STAGE | {"policy": "human_wins"}, SCORE)
    wanted, held = row_of("1", stage="Lead", score=40), row_of("1", stage="VIP", score=20)

    plan = plan_changes(sync, [wanted], rows_by_id(held), {})

    assert [change.field for change in plan.records[0].changes] == ["Score__c"]
    assert (plan.unchanged, plan.kept_human) == (0, 0)


def test_values_that_only_look_different_are_unchanged() -> None:
    wanted = row_of("1", **HELD | {"stage": "Name ", "since": "2026-10-01T02:00:00.9+02:00"})
    held = row_of("1", **HELD | {"score": Decimal("40.000000000")})

    assert plan_changes(SYNC, [wanted], rows_by_id(held), {}).unchanged == 1


def test_a_value_that_is_no_longer_known_clears_the_field() -> None:
    plan = plan_changes(
        SYNC, [row_of("1", **HELD | {"stage": None})], rows_by_id(row_of("1", **HELD)), {}
    )

    (change,) = plan.records[0].changes
    assert (change.old, change.new, change.reason) == ("Name", None, "no longer known")


def test_noise_writes_neither_score_nor_its_reasons() -> None:
    wanted = row_of("1", **HELD | {"score": 41, "reasons": "Visited pricing, opened mail"})

    plan = plan_changes(SYNC, [wanted], rows_by_id(row_of("1", **HELD)), {})

    assert (plan.records, plan.unchanged) == ((), 1)


def test_reasons_are_written_together_with_a_score_that_moves() -> None:
    wanted = row_of("1", **HELD | {"score": 60, "reasons": "Asked for a demo"})

    (record,) = plan_changes(SYNC, [wanted], rows_by_id(row_of("1", **HELD)), {}).records

    assert [change.field for change in record.changes] == ["Score__c", "Reasons__c"]


def test_with_may_name_a_column_that_comes_later() -> None:
    sync = sync_of(REASONS | {"with": "score"}, SCORE | {"min_change": 5})
    wanted = row_of("1", score=60, reasons="Asked for a demo")

    (record,) = plan_changes(sync, [wanted], rows_by_id(row_of("1", **HELD)), {}).records

    assert {change.field for change in record.changes} == {"Score__c", "Reasons__c"}


def test_an_empty_companion_is_filled_though_its_column_stays() -> None:
    wanted, held = row_of("1", **HELD), row_of("1", **HELD | {"reasons": None})

    (record,) = plan_changes(SYNC, [wanted], rows_by_id(held), {}).records

    assert [change.field for change in record.changes] == ["Reasons__c"]


def test_a_change_says_why() -> None:
    ledger = {("2", "Stage__c"): "Name", ("3", "Stage__c"): "Name", ("4", "Stage__c"): "Name"}
    held = [row_of("1"), row_of("2", stage="Name"), row_of("3", stage="VIP"), row_of("4")]
    wanted = [row_of(key, stage="Lead") for key in "1234"]

    plan = plan_changes(sync_of(STAGE), wanted, rows_by_id(*held), ledger)

    assert [record.changes[0].reason for record in plan.records] == [
        "first value",
        "changed",
        "was changed in the CRM; the field is ours",
        "was emptied in the CRM",
    ]


def test_the_digest_does_not_depend_on_the_order_of_rows() -> None:
    wanted, held = [row_of(key, stage="Lead") for key in "123"], [row_of(key) for key in "123"]

    plans = [plan_changes(SYNC, rows, rows_by_id(*held), {}) for rows in (wanted, wanted[::-1])]

    assert plans[0] == plans[1]
    assert plans[0].digest == plans[1].digest == "1b303fb62e6f09d0"


def test_the_digest_says_record_old_and_new_value() -> None:
    def digest(record_id: str, old: str | None, new: str) -> str:
        held, wanted = row_of(record_id, stage=old), row_of(record_id, stage=new)
        return plan_changes(SYNC, [wanted], rows_by_id(held), {}).digest

    cases = [("1", None, "Lead"), ("2", None, "Lead"), ("1", "Name", "Lead"), ("1", None, "Name")]
    assert len({digest(*case) for case in cases}) == 4


def test_the_digest_is_of_what_is_written_not_of_what_is_left() -> None:
    held = rows_by_id(row_of("1"), row_of("2", stage="Lead"))
    few, more = [row_of("1", stage="Lead")], [row_of(key, stage="Lead") for key in "12"]

    assert plan_changes(SYNC, few, held, {}).digest == plan_changes(SYNC, more, held, {}).digest


def test_what_was_written_since_the_extract_stands_over_it() -> None:
    current = rows_by_id(row_of("1", **HELD), row_of("2", **HELD))
    written = {("1", "Stage__c"): "Lead", ("1", "Since__c"): None}

    assert overlay(SYNC, current, written) == {
        "1": row_of("1", **HELD | {"stage": "Lead", "since": None}),
        "2": row_of("2", **HELD),
    }


def test_what_was_written_into_a_record_that_is_gone_does_not_bring_it_back() -> None:
    assert overlay(SYNC, {}, {("1", "Stage__c"): "Lead"}) == {}
