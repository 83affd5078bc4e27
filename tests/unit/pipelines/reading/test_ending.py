"""What a CRM is read by ends with the reading, in the reading's own thread."""

from collections.abc import Iterator, Sequence
from threading import get_ident

import pytest

from connectors.records import Batch, Cursor, Field, Stream
from pipelines.lake_writer import FencedError
from pipelines.reading.ending import ended
from pipelines.reading.keeping import Keeper
from tests.unit.pipelines.fake_source import FakeSource
from tests.unit.pipelines.reading.desk import CONTACTS, NOW, Desk, contact


class Ending(FakeSource):
    """Notes in which thread each of its readings ended."""

    def __init__(self) -> None:
        super().__init__(CONTACTS, (contact("a"), contact("b")), page_size=1, clock=NOW)
        self.ends: list[int] = []

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield pages."""
        try:
            yield from super().read(stream, fields, cursor)
        finally:
            self.ends.append(get_ident())


def refuse(*_: object) -> None:
    """Refuse a batch, as a newer run does."""
    raise FencedError("a newer run reads hubspot")


def test_a_reading_that_is_fenced_off_ends_its_source_before_it_tells(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.source = source = Ending()
    monkeypatch.setattr(Keeper, "keep", refuse)
    with pytest.raises(FencedError) as told:
        desk.read()

    # The error holds on to every frame it came through: nothing was left to be collected.
    assert told.value.__traceback__ is not None
    assert source.ends == [get_ident()]


def test_what_has_no_end_of_its_own_is_read_as_it_is() -> None:
    with ended(iter(())) as batches:
        assert list(batches) == []
