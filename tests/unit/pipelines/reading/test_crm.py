"""Streams side by side: each ends by itself, unless what ends it ends them all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Barrier, get_ident

import pytest

from connectors.errors import AuthError, ConfigError, UnavailableError
from connectors.records import Batch, Crm, Cursor, Field, Stream
from connectors.tally import CallCounts
from pipelines.lake import Lake
from pipelines.lake_writer import FencedError
from pipelines.reading.crm import read_streams
from pipelines.reading.extraction import Extraction, Orders
from pipelines.reading.results import (
    ExtractResult,
    ReadInPartError,
    StreamResult,
    StreamsFailedError,
    raise_if_unfinished,
)
from pipelines.reading.steps import chosen, instead_of
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import silent
from tests.unit.pipelines.fake_source import FakeSource
from tests.unit.pipelines.reading.desk import CONTACTS, NOW, Desk, contact

NAMES = ("contacts", "companies", "deals")


class FakeCrm(FakeSource):
    """Several streams with the same records; one of them may fail."""

    failing: str = ""
    together: Barrier | None = None
    """Where given, each stream waits for the others to begin."""

    def streams(self) -> tuple[Stream, ...]:
        plain = replace(CONTACTS, details={}, details_keep_states=frozenset())
        return tuple(replace(plain, name=name) for name in NAMES)

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        if self.together is not None:
            self.together.wait(5)
        if stream.name == self.failing:
            raise self.failure
        return super().read(stream, fields, cursor)


@pytest.fixture
def crm(lake: Lake, store: StateStore) -> Desk:
    return Desk(lake, store, FakeCrm(CONTACTS, [contact(key) for key in "abc"], clock=NOW))


def read(crm: Desk, run: Extraction | None = None) -> dict[str, StreamResult]:
    run = run or crm.run()
    return {row.stream: row for row in read_streams(run, run.source.streams(), silent)}


def test_streams_are_read_side_by_side_and_told_in_their_order(crm: Desk) -> None:
    assert isinstance(crm.source, FakeCrm)
    crm.source.together = Barrier(3)

    results = read(crm)

    assert tuple(results) == NAMES
    assert [row.rows_kept for row in results.values()] == [3, 3, 3]
    assert [row.requests for row in results.values()] == [4, 4, 4]


def test_progress_is_told_by_the_thread_that_asked(crm: Desk) -> None:
    told: set[int] = set()

    read_streams(crm.run(), crm.source.streams(), lambda _name, _rows: told.add(get_ident()))

    assert told == {get_ident()}


def test_a_stream_that_fails_leaves_the_others_whole(crm: Desk) -> None:
    crm.source.failing, crm.source.failure = "deals", UnavailableError("hubspot", "deals")

    status = {name: row.status for name, row in read(crm).items()}

    assert status == {"contacts": "whole", "companies": "whole", "deals": "failed"}


@pytest.mark.parametrize("error", [AuthError("hubspot", "deals"), FencedError("a newer run")])
def test_what_no_stream_survives_ends_the_run(crm: Desk, error: Exception) -> None:
    crm.source.failing, crm.source.failure = "contacts", error
    run = crm.run()

    with pytest.raises(type(error)):
        read(crm, run)
    assert run.halt.is_set()


def test_an_older_run_is_fenced_off_by_a_newer_one(crm: Desk) -> None:
    older = replace(crm.run(), epoch=crm.lake.claim("hubspot"))
    crm.lake.claim("hubspot")

    with pytest.raises(FencedError, match="a newer run reads hubspot"):
        read(crm, older)
    assert crm.ids() == []


def test_a_stream_that_there_is_not_is_refused_with_the_nearest(crm: Desk) -> None:
    with pytest.raises(ConfigError, match=r"no stream 'contcts'.*Did you mean contacts"):
        chosen(crm.run(Orders(frozenset({"contcts"}))))


def test_a_detail_that_is_asked_for_as_a_stream_names_what_it_comes_with() -> None:
    detail = next(iter(CONTACTS.details))

    assert instead_of(detail, {"contacts": CONTACTS}) == "It comes with contacts: ask for that."


def test_only_the_streams_asked_for_are_read(crm: Desk) -> None:
    streams = chosen(crm.run(Orders(frozenset({"deals"}))))

    assert [stream.name for stream in streams] == ["deals"]


def result_of(*streams: StreamResult, crm: Crm = "hubspot") -> ExtractResult:
    return ExtractResult(crm, streams, NOW, CallCounts())


WHOLE = StreamResult("leads", 1, 1, 1, ())
SKIPPED = StreamResult("calls", 0, 0, 0, (), skipped="HTTP 403", status="skipped")
PARTIAL = StreamResult("deals", 1, 1, 1, (), status="partial", why="the day's calls are used up")
FAILED = StreamResult("tasks", 0, 0, 0, (), status="failed", why="torn")


def test_a_crm_is_as_whole_as_its_worst_stream() -> None:
    told = [result_of(WHOLE, SKIPPED), result_of(WHOLE, PARTIAL), result_of(PARTIAL, FAILED)]

    assert [result.status for result in told] == ["whole", "partial", "failed"]


def test_no_run_that_read_a_part_is_a_success() -> None:
    raise_if_unfinished([result_of(WHOLE, SKIPPED)])
    with pytest.raises(ReadInPartError, match="hubspot deals: the day's calls are used up"):
        raise_if_unfinished([result_of(WHOLE), result_of(PARTIAL)])
    with pytest.raises(StreamsFailedError, match="hubspot tasks: torn"):
        raise_if_unfinished([result_of(PARTIAL, FAILED)])
