"""What holds for every plan, whatever is mapped, held, wanted and remembered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connectors.records import FieldType, Value
from pipelines.sync.config import Sync
from pipelines.sync.plan import Plan
from pipelines.sync.values import normalise
from tests.unit.pipelines.builders import AS_OF, plan_changes, sync_of

# Few values of each type, so that equal, near and different ones meet often.
VALUES: Mapping[FieldType, tuple[object, ...]] = {
    "string": (None, "", "Lead", " Lead ", "Name"),
    "integer": (None, 0, 1, 7),
    "decimal": (None, Decimal(0), Decimal("-0.001"), Decimal("4.999"), 5, Decimal("40.005")),
    "boolean": (None, True, False),
    "date": (None, date(2026, 11, 22), date(2026, 11, 23)),
    "datetime": (None, AS_OF, AS_OF + timedelta(milliseconds=400), AS_OF + timedelta(days=1)),
}
COLUMNS = ("a", "b", "c")
RECORDS = ("1", "2", "3", "4")


@dataclass(frozen=True)
class Case:
    """All that a plan is made from."""

    sync: Sync
    wanted: list[dict[str, object]]
    current: dict[str, dict[str, object]]
    ledger: dict[tuple[str, str], Value]

    def plan(self) -> Plan:
        return plan_changes(self.sync, self.wanted, self.current, self.ledger)

    def after(self, plan: Plan) -> "Case":
        """Return the case once all of a plan is written."""
        current = {record_id: dict(row) for record_id, row in self.current.items()}
        ledger = dict(self.ledger)
        for record in plan.records:
            for change in record.changes:
                current[record.record_id][change.column] = change.new
                ledger[record.record_id, change.field] = change.new
        return Case(self.sync, self.wanted, current, ledger)


@st.composite
def fields(draw: st.DrawFn, column: str, leader: str | None) -> dict[str, object]:
    return {
        "column": column,
        "field": f"{column}__c",
        "label": column,
        "type": draw(st.sampled_from(sorted(VALUES))),
        "policy": draw(st.sampled_from(["ours", "human_wins", "fill_empty"])),
        "min_change": draw(st.sampled_from([0, 5])),
        "with": draw(st.sampled_from([None, leader])),
    }


@st.composite
def cases(draw: st.DrawFn) -> Case:
    # The last column leads: `with` may name one that comes later, but none that follows itself.
    leaders = [*([COLUMNS[-1]] * (len(COLUMNS) - 1)), None]
    sync = sync_of(*(draw(fields(*at)) for at in zip(COLUMNS, leaders, strict=True)))

    def row(record_id: str) -> dict[str, object]:
        values = {f.column: draw(st.sampled_from(VALUES[f.type])) for f in sync.fields}
        return {"record_id": record_id, "person_id": record_id, **values}

    wanted = [row(key) for key in draw(st.lists(st.sampled_from(RECORDS), unique=True))]
    current = {key: row(key) for key in draw(st.sets(st.sampled_from(RECORDS)))}
    ledger = {
        (key, f.field): normalise(draw(st.sampled_from(VALUES[f.type])), f.type)
        for key in RECORDS
        for f in sync.fields
        if draw(st.booleans())
    }
    return Case(sync, wanted, current, ledger)


@given(cases())
def test_every_row_has_exactly_one_outcome(case: Case) -> None:
    plan = case.plan()

    assert plan.source == len(case.wanted)
    assert plan.source == len(plan.records) + plan.unchanged + plan.kept_human + plan.no_match


@given(cases())
def test_a_plan_that_was_written_leaves_nothing_to_write(case: Case) -> None:
    assert case.after(case.plan()).plan().records == ()


@given(cases())
def test_the_same_facts_give_the_same_plan(case: Case) -> None:
    shuffled = Case(case.sync, case.wanted[::-1], case.current, case.ledger)

    assert (case.plan(), case.plan().digest) == (shuffled.plan(), shuffled.plan().digest)


@given(cases())
def test_no_change_writes_the_value_that_is_there(case: Case) -> None:
    changes = [change for record in case.plan().records for change in record.changes]

    assert all(change.old != change.new for change in changes)


@given(cases())
def test_a_persons_value_is_replaced_only_where_the_field_is_ours(case: Case) -> None:
    for record in case.plan().records:
        for change in record.changes:
            last = case.ledger.get((record.record_id, change.field))
            assert change.policy == "ours" or change.old in (None, last)


@given(cases())
def test_a_change_carries_what_is_wanted_in_its_own_column(case: Case) -> None:
    types = {field.column: field.type for field in case.sync.fields}
    rows = {str(row["record_id"]): row for row in case.wanted}

    for record in case.plan().records:
        for change in record.changes:
            wanted = rows[record.record_id][change.column]
            assert change.new == normalise(wanted, types[change.column])
