"""Readings beside the increments: what is due, what it asks, what it keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipelines.reading.duties import settled_window
from pipelines.reading.extraction import Orders
from pipelines.reading.keeping import Keeper
from pipelines.reading.marks import Mark
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.fakes import Killed
from tests.unit.pipelines.reading.desk import HOUR, NOW, Desk, contact


def die(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    ("last", "window"),
    [
        (NOW - 2 * HOUR, (NOW - 2 * HOUR, NOW - HOUR)),
        (NOW - 1.5 * HOUR, None),
        (NOW + HOUR, None),
    ],
)
def test_the_settled_window_ends_at_the_horizon_and_never_later(
    last: object, window: object
) -> None:
    assert settled_window(Mark(last), NOW, HOUR, timedelta(minutes=54)) == window  # type: ignore[arg-type]


def test_without_a_mark_nothing_is_settled_by_a_window() -> None:
    assert settled_window(None, NOW, HOUR, timedelta(0)) is None


def test_what_a_search_shows_an_hour_late_is_found_by_the_second_look(desk: Desk) -> None:
    desk.put(contact("a"))
    desk.read()
    late = replace(contact("b"), modified_at=NOW, shown_at=NOW + HOUR)
    desk.later()
    desk.put(contact("c", 23), late)
    desk.source.now = NOW + HOUR / 2
    desk.read()
    desk.source.now = NOW + 2 * HOUR
    result = desk.read(settled=60)

    assert "b" in desk.ids()
    assert desk.asked("reread") == [(NOW - HOUR, NOW + HOUR)]
    assert [duty.name for duty in result.duties] == ["settled"]


def test_a_second_look_that_is_not_due_costs_nothing(desk: Desk) -> None:
    desk.put(contact("a"))
    desk.read()
    desk.later()
    desk.read(settled=60)
    desk.read(settled=60)

    assert desk.source.asked == []


def test_a_purged_record_keeps_its_last_values_in_its_tombstone(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.later()
    desk.source.purge("b")
    desk.read(deletions=0)

    last = desk.rows()[-1]
    assert (last["_record_id"], last["email"], last["_is_deleted"], last["_modified_at"]) == (
        "b",
        "b@example.com",
        True,
        NOW + 2 * HOUR,
    )


def test_a_tombstone_is_kept_once_and_never_for_what_was_never_read(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"), contact("x"))
    desk.source.purge("x")
    desk.read()
    desk.source.purge("b")
    for _ in range(2):
        desk.read(deletions=0)

    assert desk.ids() == ["a", "b", "b"]


def test_removals_are_asked_for_from_the_beginning_and_then_from_the_last_time(desk: Desk) -> None:
    desk.put(contact("a"))
    desk.read()
    first = desk.asked("deletions")
    desk.later()
    desk.read(deletions=60)

    assert [*first, *desk.asked("deletions")] == [utc("1970-01-01"), NOW - HOUR]


def test_removals_are_asked_for_from_the_beginning_where_a_clock_was_ahead(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.later(48)
    desk.read()
    desk.later(-47)
    desk.source.purge("b")
    desk.read(deletions=0)

    assert (desk.asked("deletions"), list(desk.current())) == ([utc("1970-01-01")], ["a"])


def test_a_record_that_lives_again_is_living_in_the_lake(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.later()
    desk.source.purge("b")
    desk.read(deletions=0)
    desk.put(contact("b", jobtitle="back"))
    desk.read(audit=0)

    assert desk.current("jobtitle") == {"a": (None,), "b": ("back",)}
    assert desk.stamps()["b"] == NOW + 2 * HOUR


def test_an_association_that_moved_no_stamp_comes_with_the_details(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.put(contact("a", company="none"))
    desk.later()
    desk.read(details=0)

    kept = [row["associations"] for row in desk.rows("contact_associations")]
    assert kept == ["acme", "acme", "none"]
    assert desk.asked("read_details") == [(("contact_associations",), ("a", "b"))]


def test_a_record_without_associations_has_no_row_until_it_loses_some(desk: Desk) -> None:
    desk.put(contact("a"), contact("b", company="[]"))
    desk.read()
    desk.put(contact("a", company="[]"))
    for _ in range(2):
        desk.later()
        desk.read(details=0)

    kept = [(row["from_id"], row["associations"]) for row in desk.rows("contact_associations")]
    assert kept == [("a", "acme"), ("a", "[]")]


def test_an_association_lost_while_a_first_read_was_broken_off_is_lost_in_the_lake(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(contact("a"), contact("b"))
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "keep_rows", die)
        with pytest.raises(Killed):
            desk.read()
    desk.put(contact("a", company="[]"))
    desk.read()

    kept = [row["associations"] for row in desk.rows("contact_associations")]
    assert kept == ["acme", "acme", "[]"]


def test_a_detail_shown_at_last_is_read_of_every_record_at_once(desk: Desk) -> None:
    desk.source.hidden = {"contact_histories": "HTTP 403"}
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.source.hidden = {}
    desk.put(contact("b", 23))
    desk.read()

    assert desk.results[1].skipped == ""
    assert set(desk.ids("contact_histories")) == {"a:20", "b:23"}
    desk.put(contact("b", 24))
    desk.read()
    assert desk.asked("read_details") == []


def test_a_detail_that_stays_hidden_is_tried_only_when_due(desk: Desk) -> None:
    desk.source.hidden = {"contact_histories": "HTTP 403"}
    desk.put(contact("a"))
    desk.read()
    desk.put(contact("b", 23))
    result = desk.read()

    assert (desk.asked("read_details"), result.status) == ([], "whole")
    assert desk.results[1].skipped == "HTTP 403"
    desk.read(details=0)
    assert len(desk.asked("read_details")) == 1


def test_lost_marks_cost_a_comparison_of_everything_and_no_row(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    hidden = replace(contact("c"), shown_at=NOW + HOUR)
    desk.put(hidden)
    desk.lose_marks()
    result = desk.read()

    assert set(desk.current()) == {"a", "b", "c"}
    assert [duty.name for duty in result.duties] == ["deletions", "details", "back-fill"]
    desk.later()
    desk.read(settled=60)
    assert desk.asked("reread") == [(NOW - HOUR, NOW + HOUR)]


def test_a_back_fill_from_a_date_reads_what_is_stamped_since(desk: Desk) -> None:
    desk.put(contact("a", 10), contact("b", 20))
    desk.read()
    desk.read(Orders(since=utc("2026-11-15")))

    assert desk.asked("reread") == [(utc("2026-11-15"), NOW)]
