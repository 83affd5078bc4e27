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


def restored(lines: Desk, record_id: str) -> None:
    """Let a line go with its record, and live again with it."""
    line = lines.source.truth()[record_id]
    lines.source.now += HOUR
    lines.source.purge(record_id)
    lines.read(deletions=0)
    lines.put(line)
    assert a_day_on(lines) == list("abcde")


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


def test_a_line_that_lives_again_is_dropped_with_the_age_of_its_making(lines: Desk) -> None:
    restored(lines, "d")
    lines.source.lasts_from = utc("2026-11-16")
    lines.source.vanish("d")
    assert a_day_on(lines) == list("abcde")
    assert lines.asked("survey") == []


def test_an_old_line_that_lives_again_is_not_among_the_younger_ones(lines: Desk) -> None:
    restored(lines, "d")
    lines.source.lasts_from = utc("2026-11-16")
    assert a_day_on(lines) == list("abcde")
    assert lines.asked("survey") == []


def test_many_that_vanish_are_many_of_the_younger_ones(desk: Desk) -> None:
    desk.source.counted, desk.source.lasts_from = None, utc("2026-11-10")
    desk.source.page_size = 500
    desk.put(*(contact(f"old {n}", 1) for n in range(210)))
    desk.put(*(contact(f"young {n}", 15) for n in range(22)))
    desk.read()
    for n in range(21):
        desk.source.vanish(f"young {n}")
    result = desk.audit()
    assert (result.status, len(desk.current())) == ("partial", 232)
    assert result.audit == Audit(NOW, 1, 22, extra=21, left=21)


@pytest.fixture
def hidden(desk: Desk) -> Desk:
    """Of 22 lines 21 were hidden, which a comparison told; then the last one was, too."""
    desk.source.counted, desk.source.lasts_from = None, utc("2026-11-10")
    desk.source.page_size = 500
    desk.put(*(contact(f"line {number}", 15) for number in range(22)))
    desk.read()
    for number in range(21):
        desk.source.vanish(f"line {number}")
    assert desk.audit().status == "partial"
    desk.source.vanish("line 21")
    desk.source.lasts_from = NOW
    return desk


def test_those_that_were_hidden_are_so_still_when_none_is_shown_any_more(hidden: Desk) -> None:
    assert [hidden.audit().status, hidden.read().status] == ["partial"] * 2


def test_lines_that_are_hidden_stay_so_where_none_is_shown_or_others_are(hidden: Desk) -> None:
    told = [hidden.audit().status]
    hidden.put(contact("of a time before", 1))
    told.append(hidden.audit().status)
    hidden.source.lasts_from = utc("2026-11-20")
    hidden.put(contact("new", 21))
    told += [hidden.audit().status, hidden.read(audit=0).status]

    assert told == ["partial"] * 4
    assert len(hidden.current()) >= 22


def test_hidden_lines_that_a_person_calls_gone_are_buried(hidden: Desk) -> None:
    assert hidden.audit(gone=True).status == "whole"
    assert (sorted(hidden.current()), hidden.audit().status) == ([], "whole")
