from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.arrow import assemble
from connectors.records import Cursor
from connectors.salesforce.progress import Progress, with_last
from connectors.salesforce.wanted import Portion

TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
"""When Salesforce was first asked."""
BEFORE = Cursor(TEN - timedelta(hours=2), "0", read_at=TEN - timedelta(hours=1))


def at(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def portion(*minutes: int, place: str | None = None) -> Portion:
    ids = [f"id{minute}" for minute in minutes]
    moments = [at(minute) for minute in minutes]
    return Portion(assemble((), ids, moments, [False] * len(ids), {}), TEN, place)


def test_over_rest_the_mark_is_the_last_row_and_counts_as_read_at_the_end() -> None:
    progress = Progress(None, is_first=True)
    cursors = [
        progress.after(portion(-19, -18), is_last=False),
        progress.after(portion(-7), is_last=True),
    ]
    assert cursors == [Cursor(at(-18), "id-18"), Cursor(at(-7), "id-7", read_at=TEN)]


def test_a_record_that_changed_while_pages_were_read_moves_no_mark() -> None:
    progress = Progress(None, is_first=True)
    assert progress.after(portion(-19, 3), is_last=False) == Cursor(at(-19), "id-19")
    assert progress.after(portion(-8), is_last=True) == Cursor(TEN, "id3", read_at=TEN)


def test_a_record_that_a_late_commit_may_have_moved_moves_no_mark() -> None:
    progress = Progress(None, is_first=True)
    assert progress.after(portion(-19, -10), is_last=False) == Cursor(at(-19), "id-19")


def test_before_anything_settled_came_nobody_knows_how_far_we_are() -> None:
    assert Progress(None, is_first=True).after(portion(3), is_last=False) is None


def test_the_mark_of_an_increment_never_falls_back() -> None:
    progress = Progress(BEFORE, is_first=False)
    cursors = [progress.after(portion(-200), is_last=is_last) for is_last in (False, True)]
    assert cursors == [replace(BEFORE, read_at=None), replace(BEFORE, read_at=TEN)]


def test_a_first_read_by_a_job_goes_on_behind_what_came() -> None:
    progress = Progress(None, is_first=True)
    cursors = [
        progress.after(portion(-3, -7, place="here"), is_last=False),
        progress.after(portion(-9, place="there"), is_last=True),
    ]
    assert cursors == [
        Cursor(at(-3), "id-3", resume_after="here"),
        Cursor(at(-3), "id-3", read_at=TEN),
    ]


def test_an_increment_by_a_job_that_breaks_off_begins_anew() -> None:
    progress = Progress(BEFORE, is_first=False)
    cursor = progress.after(portion(-3, place="here"), is_last=False)
    assert cursor == replace(BEFORE, read_at=None)
    assert progress.after(portion(-9, place="there"), is_last=True) == Cursor(
        at(-3), "id-3", read_at=TEN
    )


def test_pages_after_a_job_that_was_lost_don_t_trust_its_marks() -> None:
    progress = Progress(None, is_first=True)
    progress.after(portion(-1, place="here"), is_last=False)
    assert progress.after(portion(-19), is_last=False) == Cursor(at(-19), "id-19")


def test_the_last_item_is_known_as_such() -> None:
    a, b, c = portion(-3), portion(-2), portion(-1)
    assert list(with_last(iter((a, b, c)))) == [(a, False), (b, False), (c, True)]
    assert list(with_last(iter(()))) == []


def test_a_place_without_rows_is_told_at_once() -> None:
    place, rows = portion(place="here"), portion(-1)
    told = with_last(iter((place, rows)))
    assert [next(told), *told] == [(place, False), (rows, True)]
    assert list(with_last(iter((place,)))) == [(place, False), (place, True)]
