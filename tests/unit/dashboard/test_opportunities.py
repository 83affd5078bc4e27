"""Opportunities by state and stage."""

from datetime import date
from decimal import Decimal

from dashboard.opportunities import (
    Total,
    open_or_closed_in,
    stage_totals,
    state_totals,
    table_of,
)
from dashboard.velocity import months_until
from tests.unit.dashboard.usual_tables import AS_OF, opportunity, usual_opportunities

OPEN = opportunity("open", "Proposal", "100.50", people=3)
UNPRICED = opportunity("open", "Qualification", None, people=0)
WON = opportunity("won", "Closed Won", "7.00", closed_days_ago=3, people=2)
LOST = opportunity("lost", "Closed Lost", "9.00", closed_days_ago=60)


def test_closed_ones_are_kept_by_the_month_they_closed_in_open_ones_always() -> None:
    assert open_or_closed_in([OPEN, WON, LOST], [date(2026, 11, 1)]) == [OPEN, WON]


def test_each_state_has_a_total_even_an_empty_one() -> None:
    assert state_totals([OPEN, WON, OPEN]) == [
        Total("open", None, 2, Decimal("201.00"), 6),
        Total("won", None, 1, Decimal("7.00"), 2),
        Total("lost", None, 0, None, 0),
    ]


def test_an_unknown_amount_adds_nothing_and_is_not_zero() -> None:
    priced = opportunity("open", "Qualification", "5.00")

    assert stage_totals([UNPRICED]) == [Total("open", "Qualification", 1, None, 0)]
    assert stage_totals([UNPRICED, priced]) == [
        Total("open", "Qualification", 2, Decimal("5.00"), 1)
    ]


def test_stages_stand_by_state_and_then_by_amount() -> None:
    labels = [total.stage_label for total in stage_totals([LOST, WON, UNPRICED, OPEN])]

    assert labels == ["Proposal", "Qualification", "Closed Won", "Closed Lost"]


def test_the_same_stage_name_in_two_states_is_two_rows() -> None:
    reopened = opportunity("open", "Closed Won")

    assert [row["State"] for row in table_of([WON, reopened])] == ["Open", "Won"]


def test_a_row_holds_the_count_the_amount_and_the_people() -> None:
    (row,) = table_of([OPEN])

    assert row == {
        "State": "Open",
        "Stage": "Proposal",
        "Opportunities": 1,
        "Amount": Decimal("100.50"),
        "People": 3,
    }


def test_the_table_sums_to_the_states() -> None:
    shown = open_or_closed_in(usual_opportunities(), months_until(AS_OF.date(), 12))

    assert sum(total.count for total in stage_totals(shown)) == sum(
        total.count for total in state_totals(shown)
    )
