"""Which moves are drawn, along which months, and who is left out of the averages."""

from datetime import date

from dashboard.rows import StagePeople
from dashboard.velocity import (
    View,
    default_transitions,
    line_of,
    months_until,
    people_still_open,
    table_of,
    transition_of,
    transitions,
    within,
)
from tests.unit.dashboard.usual_tables import AS_OF, month, usual_velocity

TODAY = AS_OF.date()
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
ENGAGED_TARGET = month(NOVEMBER, (4, 5), 12)
NAME_LEAD = month(OCTOBER, (3, 6), 30)
STEP_BACK = month(NOVEMBER, (6, 4), 99)


def test_months_end_with_the_month_of_as_of_and_cross_the_year() -> None:
    assert months_until(date(2026, 2, 28), 3) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_a_transition_is_named_by_its_stages() -> None:
    assert transition_of(NAME_LEAD).label == "Name → Lead"


def test_transitions_stand_in_the_order_of_the_path() -> None:
    labels = [t.label for t in transitions([STEP_BACK, ENGAGED_TARGET, NAME_LEAD, STEP_BACK])]

    assert labels == ["Name → Lead", "Engaged → Target", "Lead → Engaged"]


def test_only_forward_moves_are_drawn_by_default() -> None:
    rows = [STEP_BACK, ENGAGED_TARGET, NAME_LEAD]

    assert default_transitions(rows, TODAY) == [
        transition_of(NAME_LEAD),
        transition_of(ENGAGED_TARGET),
    ]


def test_seldom_moves_are_not_drawn_by_default() -> None:
    rows = [ENGAGED_TARGET, month(NOVEMBER, (3, 4), 9)]

    assert default_transitions(rows, TODAY) == [transition_of(ENGAGED_TARGET)]


def test_where_all_moves_are_seldom_they_are_drawn_all_the_same() -> None:
    rows = [month(NOVEMBER, (3, 4), 1), month(NOVEMBER, (4, 5), 0, None)]

    assert default_transitions(rows, TODAY) == [transition_of(rows[0])]


def test_moves_of_earlier_years_do_not_make_a_default() -> None:
    rows = [ENGAGED_TARGET, month(date(2025, 11, 1), (3, 4), 500)]

    assert default_transitions(rows, TODAY) == [transition_of(ENGAGED_TARGET)]


def test_the_busiest_eight_transitions_are_drawn_when_there_are_more() -> None:
    quiet = month(NOVEMBER, (2, 9), 10)
    labels = [t.label for t in default_transitions([quiet, *usual_velocity()], TODAY)]

    assert labels == [
        *("Friend → Name", "Name → Engaged", "Name → Lead", "Engaged → Target", "Target → Lead"),
        *("Lead → Sales Lead", "Sales Lead → Opportunity", "Opportunity → Customer"),
    ]


def test_a_line_has_a_place_for_every_month() -> None:
    line = line_of([ENGAGED_TARGET, NAME_LEAD], transition_of(NAME_LEAD), [OCTOBER, NOVEMBER])

    assert line == [NAME_LEAD, None]


def test_the_reader_chooses_the_mean_or_the_median() -> None:
    row = month(NOVEMBER, (3, 4), 6, days=10.0)

    assert View("Mean", [NOVEMBER], TODAY).days_of(row) == 10.0
    assert View("Median", [NOVEMBER], TODAY).days_of(row) == 5.0


def test_people_still_open_are_counted_once_per_stage_left_from() -> None:
    stocks = [StagePeople("name", 50), StagePeople("engaged", 7), StagePeople("lead", 900)]
    chosen = [transition_of(month(NOVEMBER, ranks, 1)) for ranks in ((3, 4), (3, 6), (4, 5))]

    assert people_still_open(stocks, chosen) == 57


def test_the_table_holds_the_chosen_rows_newest_month_first() -> None:
    rows = [NAME_LEAD, ENGAGED_TARGET, STEP_BACK]
    table = table_of(rows, {transition_of(NAME_LEAD), transition_of(ENGAGED_TARGET)})

    assert [(row["Month"], row["From"], row["To"]) for row in table] == [
        (NOVEMBER, "Engaged", "Target"),
        (OCTOBER, "Name", "Lead"),
    ]


def test_a_row_of_the_table_holds_both_averages_and_both_counts() -> None:
    (row,) = table_of([ENGAGED_TARGET], {transition_of(ENGAGED_TARGET)})

    assert row == {
        "Month": NOVEMBER,
        "From": "Engaged",
        "To": "Target",
        "Mean days": 10.0,
        "Median days": 5.0,
        "Completed moves": 12,
        "Still open in From": 0,
    }


def test_rows_outside_the_months_are_left_out() -> None:
    assert within([NAME_LEAD, ENGAGED_TARGET], [OCTOBER]) == [NAME_LEAD]
