"""A bin that is read whole: what a count spares, and what it never hides for long."""

import pytest

from pipelines.reading.marks import DELETIONS, Mark, Marks
from pipelines.reading.recycle_bin import FEW, BinReading
from tests.unit.pipelines.reading.desk import HOUR, NOW, Desk, contact

HOURLY = {"deletions": 60}


def read_at_a_cost(desk: Desk, requests: int) -> None:
    """Read two contacts; let the bin's reading have cost so many requests."""
    desk.put(contact("a"), contact("b"))
    desk.source.reads_bin_whole = True
    desk.read()
    mark = BinReading(NOW, requests).to_mark(NOW)
    Marks(desk.store.engine, "hubspot").note("contacts", {DELETIONS: mark})


def looks(desk: Desk, *hours: int) -> list[list[object]]:
    """Read after each of these hours; return from when on the bin was read, each time."""
    found = []
    for hours_later in hours:
        desk.later(hours_later)
        desk.read(**HOURLY)
        found.append(desk.asked("deletions"))
    return found


def test_a_large_bin_is_not_read_while_the_counts_agree(desk: Desk) -> None:
    read_at_a_cost(desk, 40)
    assert looks(desk, 1, 1) == [[], []]
    assert [duty.name for duty in desk.results[0].duties] == [DELETIONS]


def test_a_removal_is_found_at_the_next_look_since_the_last_reading(desk: Desk) -> None:
    read_at_a_cost(desk, 40)
    looks(desk, 1)
    desk.source.purge("b")
    assert looks(desk, 1) == [[NOW - HOUR]]
    assert list(desk.current()) == ["a"]


def test_a_removal_that_no_count_shows_is_found_within_a_day(desk: Desk) -> None:
    read_at_a_cost(desk, 40)
    desk.source.counted = 2
    desk.source.purge("b")
    assert looks(desk, 1, 20, 1, 1) == [[], [], [], [NOW - HOUR]]
    assert list(desk.current()) == ["a"]


@pytest.mark.parametrize("counted", [3, None])
def test_a_count_that_is_not_the_lakes_spares_nothing(desk: Desk, counted: int | None) -> None:
    read_at_a_cost(desk, 40)
    desk.source.counted = counted
    assert looks(desk, 1) == [[NOW - HOUR]]


def test_a_record_that_the_crm_fails_at_is_no_removal(desk: Desk) -> None:
    read_at_a_cost(desk, 40)
    desk.source.fails_at = frozenset({"c"})
    desk.put(contact("c", 22))
    assert looks(desk, 1, 1) == [[], []]
    desk.source.purge("b")
    assert looks(desk, 1) == [[NOW - HOUR]]
    assert list(desk.current()) == ["a"]


def test_a_small_bin_is_read_rather_than_counted(desk: Desk) -> None:
    read_at_a_cost(desk, FEW)
    assert (looks(desk, 1), desk.asked("count")) == ([[NOW - HOUR]], [])


def test_a_crm_that_tells_removals_by_time_is_never_counted(desk: Desk) -> None:
    read_at_a_cost(desk, 40)
    desk.source.reads_bin_whole = False
    assert (looks(desk, 1), desk.asked("count")) == ([[NOW - HOUR]], [])


def test_a_mark_of_before_is_a_reading_of_unknown_cost() -> None:
    assert BinReading.of(Mark(NOW)) == BinReading(NOW)
    assert BinReading.of(BinReading(NOW, 7).to_mark(NOW + HOUR)) == BinReading(NOW, 7)
