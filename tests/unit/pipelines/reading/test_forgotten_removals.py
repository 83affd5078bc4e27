"""Removals that the CRM no longer tells of: counts show them, in this run or the next."""

import pytest

from tests.unit.pipelines.fakes import Killed
from tests.unit.pipelines.reading.desk import HOUR, NOW, Desk, contact


def die(*_: object) -> None:
    raise Killed


def test_removals_that_the_crm_has_forgotten_are_found_in_the_same_run(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.later()
    desk.source.vanish("b")
    desk.source.forgot = True
    desk.put(contact("c", 23))
    desk.read(deletions=0)

    assert sorted(desk.current()) == ["a", "c"]


def test_where_none_was_removed_forgotten_removals_cost_a_count(desk: Desk) -> None:
    desk.source.forgot = True
    desk.put(contact("a"), contact("b"))
    asked = []
    for _ in range(2):
        desk.read(deletions=0)
        asked += [name for name, _ in desk.source.asked]
        desk.later()

    assert asked == ["deletions", "count"] * 2


def test_a_run_that_ends_before_it_compares_leaves_forgotten_removals_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.later()
    desk.source.vanish("b")
    desk.source.forgot = True
    with monkeypatch.context() as patch:
        patch.setattr(desk.source, "count", die)
        with pytest.raises(Killed):
            desk.read(deletions=60)
    desk.read(deletions=60)

    assert (list(desk.current()), desk.asked("deletions")) == (["a"], [NOW - HOUR])
    desk.later()
    desk.read(deletions=60)
    assert desk.asked("deletions") == [NOW + HOUR]
