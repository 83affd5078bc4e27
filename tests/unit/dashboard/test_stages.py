"""People per stage in the order of the path, phases and detours apart."""

from dashboard.stages import PhaseTotal, detours, path_stages, phase_totals, phases
from tests.unit.dashboard.published_builder import stock, usual_stocks

NAME, ENGAGED, CLOSED = stock("name", 3, 5), stock("engaged", 4, 7, "engage"), stock("x", 9, 1, "c")
LOST, DORMANT = stock("lost", 12, 2, "detour"), stock("dormant", 11, 4, "detour")


def test_stages_of_the_path_stand_in_order_whatever_order_they_are_read_in() -> None:
    assert path_stages([CLOSED, LOST, ENGAGED, NAME]) == [NAME, ENGAGED, CLOSED]


def test_detours_lie_beside_the_path_in_their_own_order() -> None:
    assert detours([LOST, NAME, DORMANT]) == [DORMANT, LOST]


def test_phases_are_those_configured_in_the_order_of_the_path() -> None:
    assert phases([CLOSED, ENGAGED, NAME, LOST]) == ["attract", "engage", "c"]


def test_headline_numbers_sum_the_stages_of_each_phase() -> None:
    assert phase_totals(usual_stocks()) == [
        PhaseTotal("Attract", ("Awareness", "Friend", "Name"), 2242),
        PhaseTotal("Engage", ("Engaged", "Target", "Lead"), 998),
        PhaseTotal("Close", ("Sales Lead", "Opportunity", "Customer"), 308),
        PhaseTotal("Detours", ("Recycled", "Lost", "Disqualified"), 405),
    ]


def test_headline_numbers_count_everybody_once() -> None:
    stocks = usual_stocks()

    assert sum(total.people for total in phase_totals(stocks)) == sum(s.people for s in stocks)
