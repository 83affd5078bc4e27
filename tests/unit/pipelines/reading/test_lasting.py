"""Records that a CRM drops with their age, such as lines of history: the younger are compared."""

import pytest

from pipelines.reading.results import Audit
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.reading.desk import HOUR, NOW, Desk, contact

DAY = 24 * 60


@pytest.fixture
def lines(desk: Desk) -> Desk:
    """Five records, two of them so old that the CRM may drop them, all of them read."""
    desk.source.counted = None
    desk.source.lasts_from = utc("2026-11-10")
    desk.put(*(contact(key, day) for key, day in zip("abcde", (1, 2, 10, 15, 20), strict=True)))
    desk.read()
    return desk


def a_day_on(desk: Desk) -> list[str]:
    desk.source.now += 24 * HOUR
    assert desk.read(audit=DAY).status == "whole"
    return sorted(desk.current())


def test_one_that_vanished_without_a_word_is_gone_though_old_ones_stay(lines: Desk) -> None:
    for key in "ad":
        lines.source.vanish(key)
    assert a_day_on(lines) == ["a", "b", "c", "e"]


def test_old_ones_that_vanish_cost_a_count(lines: Desk) -> None:
    for key in "ab":
        lines.source.vanish(key)
    assert a_day_on(lines) == list("abcde")
    assert lines.asked("survey") == []


def test_the_numbers_compared_are_of_the_younger_ones(lines: Desk) -> None:
    lines.source.vanish("d")
    assert lines.audit().audit == Audit(NOW, 2, 3, extra=1, repaired=1)
    assert lines.audit().audit == Audit(NOW, 2, 2)
