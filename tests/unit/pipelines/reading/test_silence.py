"""A record that a comparison is told of, and no answer comes for once: the next run asks for it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from connectors.records import Batch, Field, Stream
from tests.unit.pipelines.fake_source import Version
from tests.unit.pipelines.reading.desk import NOW, Desk, contact

DAY = 24 * 60


@pytest.fixture
def silent_about(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the first reading by id have no answer for a record."""
    answer = desk.source.read_records
    silent: set[str] = set()

    def read(stream: Stream, fields: Sequence[Field], ids: Sequence[str]) -> Iterator[Batch]:
        told = [record_id for record_id in ids if record_id not in silent]
        silent.clear()
        yield from answer(stream, fields, told)

    monkeypatch.setattr(desk.source, "read_records", read)
    return silent.add


def days(desk: Desk) -> list[tuple[str, int]]:
    """Read on two days; return how each ended, and how many records it left different."""
    told = []
    for _ in range(2):
        desk.later(24)
        result = desk.read(audit=DAY, calculated=DAY)
        told.append((result.status, result.audit.left if result.audit else -1))
    return told


def test_an_outdated_one_is_left_as_a_difference_and_renewed_by_the_next(
    desk: Desk, silent_about: Callable[[str], None]
) -> None:
    desk.put(contact("a"), contact("b", 21))
    desk.read()
    desk.put(Version("a", NOW - timedelta(hours=40), {"email": "new@example.com"}))
    desk.source.vanish("b")
    silent_about("a")

    assert days(desk) == [("whole", 1), ("whole", 0)]
    assert desk.current("email") == {"a": ("new@example.com",)}


def test_a_missing_one_comes_with_the_next(desk: Desk, silent_about: Callable[[str], None]) -> None:
    desk.put(contact("a"), contact("b", 21))
    desk.read()
    desk.put(contact("c", 1))
    silent_about("c")

    assert days(desk) == [("whole", 1), ("whole", 0)]
    assert sorted(desk.current()) == ["a", "b", "c"]


def test_a_new_field_comes_with_the_next(desk: Desk, silent_about: Callable[[str], None]) -> None:
    desk.put(contact("a"), contact("b", 21))
    desk.read()
    desk.source.described["Score"] = "string"
    desk.put(contact("a", Score="1"), contact("b", 21, Score="2"))
    silent_about("a")

    assert days(desk) == [("whole", 1), ("whole", 0)]
    assert desk.current("Score") == {"a": ("1",), "b": ("2",)}


def test_one_that_went_meanwhile_is_no_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put(contact("a"), contact("b", 21))
    desk.read()
    desk.put(contact("c", 1))
    survey = desk.source.survey

    def told_then_gone(*given: object) -> Iterator[object]:
        yield from survey(*given)  # type: ignore[arg-type]
        if "c" in desk.source.truth():
            desk.source.vanish("c")

    monkeypatch.setattr(desk.source, "survey", told_then_gone)

    assert days(desk) == [("whole", 1), ("whole", 0)]
    assert sorted(desk.current()) == ["a", "b"]
