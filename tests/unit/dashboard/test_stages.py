"""People and accounts per stage in the order of the path, phases and detours apart."""

from dataclasses import replace

from dashboard.stages import (
    PhaseTotal,
    accounts_only_note,
    count_of,
    detours,
    path_stages,
    phase_totals,
    phases,
    stages_of,
)
from tests.unit.dashboard.usual_tables import stock, usual_stocks

NAME, ENGAGED, CLOSED = stock("name", 3, 5), stock("engaged", 4, 7, "engage"), stock("x", 9, 1, "c")
LOST, DORMANT = stock("lost", 12, 2, "detour"), stock("dormant", 11, 4, "detour")


def test_stages_of_the_path_stand_in_order_whatever_order_they_are_read_in() -> None:
    assert path_stages([CLOSED, LOST, ENGAGED, NAME]) == [NAME, ENGAGED, CLOSED]


def test_detours_lie_beside_the_path_in_their_own_order() -> None:
    assert detours([LOST, NAME, DORMANT]) == [DORMANT, LOST]


def test_phases_are_those_configured_in_the_order_of_the_path() -> None:
    assert phases([CLOSED, ENGAGED, NAME, LOST]) == ["attract", "engage", "c"]


def test_headline_numbers_sum_the_stages_of_each_phase() -> None:
    assert phase_totals(usual_stocks(), "People") == [
        PhaseTotal("Attract", ("Awareness", "Friend", "Name"), 2242),
        PhaseTotal("Engage", ("Engaged", "Target", "Lead"), 998),
        PhaseTotal("Close", ("Sales Lead", "Opportunity", "Customer"), 308),
        PhaseTotal("Detours", ("Recycled", "Lost", "Disqualified"), 405),
    ]


def test_headline_numbers_count_everybody_once() -> None:
    stocks = usual_stocks()

    assert sum(total.count for total in phase_totals(stocks, "People")) == sum(
        stock.people for stock in stocks
    )


def test_headline_numbers_can_count_accounts_instead() -> None:
    stocks = [stock("name", 3, 5, accounts=2), stock("lost", 12, 9, "detour", accounts=4)]

    assert phase_totals(stocks, "Accounts") == [
        PhaseTotal("Attract", ("Name",), 2),
        PhaseTotal("Detours", ("Lost",), 4),
    ]


def test_people_have_no_stages_of_customers() -> None:
    name, seen = stock("name", 3, 5), stock("seen", 1, 0, is_of_accounts=True)
    active, churned = (
        replace(stock(key, rank, 0, is_of_accounts=True), path_type=path_type)
        for key, rank, path_type in (("active", 14, "post_sale"), ("churned", 15, "detour"))
    )

    assert stages_of([seen, name, active, churned], "People") == [seen, name]
    assert stages_of([seen, name, active, churned], "Accounts") == [seen, name, active, churned]
    assert accounts_only_note([active, churned]) is None


def test_a_stage_holds_people_and_accounts() -> None:
    name = stock("name", 3, 5, accounts=2)

    assert (count_of(name, "People"), count_of(name, "Accounts")) == (5, 2)


def test_a_stage_of_accounts_is_said_to_hold_accounts_only_even_when_it_holds_none() -> None:
    assert accounts_only_note([NAME, stock("awareness", 1, 0, is_of_accounts=True)]) == (
        "Awareness holds accounts, never people: 0 show interest while we know nobody there."
    )


def test_rules_without_a_stage_of_accounts_need_no_words_about_it() -> None:
    assert accounts_only_note([NAME, ENGAGED]) is None
