"""A source that gives the same page again: now and then, or for ever."""

from collections.abc import Iterator, Sequence
from itertools import repeat

from connectors.records import Batch, Cursor, Field, Stream
from tests.unit.pipelines.fake_source import FakeSource
from tests.unit.pipelines.reading.desk import CONTACTS, NOW, Desk, contact


class StuckSource(FakeSource):
    """Answers with the same page for ever."""

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        return repeat(next(super().read(stream, fields, cursor)))


def test_the_same_page_again_and_again_is_an_error_and_never_an_endless_loop(desk: Desk) -> None:
    desk.source = StuckSource(CONTACTS, [contact(key) for key in "abc"], clock=NOW)
    result = desk.read()

    assert result.status == "failed"
    assert "the same records came again and again" in result.why


class LostJobSource(FakeSource):
    """Gives a portion twice, as after a job that had to be made anew, then goes on."""

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        batches = list(super().read(stream, fields, cursor))
        return iter([batches[0], *batches])


def test_a_portion_that_comes_twice_is_no_standstill(desk: Desk) -> None:
    desk.source = LostJobSource(CONTACTS, [contact(key) for key in "abc"], clock=NOW)

    assert desk.read().status == "whole"
    assert sorted(desk.current("email")) == ["a", "b", "c"]
