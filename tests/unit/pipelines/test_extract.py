"""Reading a stream and its details into the lake, whatever interrupts it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Literal

import pyarrow.parquet as pq
import pytest

from connectors.arrow import Row
from connectors.errors import ConfigError, SkippedStreamError, UnavailableError
from connectors.records import Batch, CallCounts, Cursor, Field, Stream
from pipelines.cli import print_streams
from pipelines.cli_output import people
from pipelines.extract import StreamResult, extract_stream
from pipelines.lake import Lake
from pipelines.loop import ExtractResult
from tests.unit.pipelines.builders import AS_OF, silent, utc
from tests.unit.pipelines.fakes import FakeSource, Killed, Version

NOW = utc("2026-11-22")
STEP_FIELDS = (Field("contact_id", "string"), Field("value", "string"))
CONTACTS = Stream(
    "hubspot",
    "contacts",
    "contacts",
    {"email": "string", "jobtitle": "string"},
    {"contact_histories": STEP_FIELDS},
)
HISTORIES = frozenset({"contact_histories"})
WHY = "HTTP 403 MISSING_SCOPES"


def contact(record_id: str, day: int = 20, stage: str = "lead") -> Version:
    at = utc(f"2026-11-{day:02}")
    step = Row(f"{record_id}:{stage}", at, False, {"contact_id": record_id, "value": stage})
    values = {"email": f"{record_id}@example.com"}
    return Version(record_id, at, values, details={"contact_histories": (step,)})


def source_of(*versions: Version) -> FakeSource:
    return FakeSource(CONTACTS, versions, clock=NOW)


class GuardedSource(FakeSource):
    """Lets our user see all, a part or none of the details."""

    shows: Literal["all", "part", "none"] = "none"

    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        for batch in super().read(stream, fields, cursor):
            if self.shows == "all":
                yield batch
                continue
            hidden = set(stream.details) if self.shows == "none" else set()
            tables = {name: batch.tables[name] for name in batch.tables if name not in hidden}
            yield replace(batch, tables=tables, skipped=dict.fromkeys(stream.details, WHY))


def guarded(*versions: Version, shows: Literal["all", "part", "none"] = "none") -> GuardedSource:
    source = GuardedSource(CONTACTS, versions, clock=NOW)
    source.shows = shows
    return source


def extract(source: FakeSource, lake: Lake) -> list[StreamResult]:
    return extract_stream(source, CONTACTS, lake, AS_OF, silent)


def kept_ids(lake: Lake, stream: str) -> list[str]:
    tables = [pq.read_table(path) for path in lake.paths("hubspot", stream)]
    return [record_id for table in tables for record_id in table.column("_record_id").to_pylist()]


def killed_at(nth: int, commit: Callable[..., None]) -> Callable[..., None]:
    """Return a commit that the process does not live to make the nth time."""
    numbers = count(1)

    def counted(*arguments: object) -> None:
        if next(numbers) == nth:
            raise Killed
        commit(*arguments)

    return counted


def test_a_first_read_keeps_records_and_details(lake: Lake) -> None:
    results = extract(source_of(contact("a"), contact("b"), contact("c")), lake)

    assert results == [
        StreamResult("contacts", 3, 3, 2, ("jobtitle",), requests=2),
        StreamResult("contact_histories", 3, 3, 2, ()),
    ]
    assert kept_ids(lake, "contact_histories") == ["a:lead", "b:lead", "c:lead"]


def test_a_first_read_of_an_empty_crm_makes_every_stream_known(lake: Lake) -> None:
    extract(source_of(), lake)

    schemas = {
        name: pq.read_schema(lake.paths("hubspot", name)[0]).names
        for name in ("contacts", "contact_histories")
    }
    assert {"email", "jobtitle"} <= set(schemas["contacts"])
    assert {"contact_id", "value"} <= set(schemas["contact_histories"])


def test_an_increment_starts_at_the_cursor_and_keeps_only_news(lake: Lake) -> None:
    source = source_of(contact("a"), contact("b"))
    extract(source, lake)
    source.put(contact("b", 23, "customer"))

    results = extract(source, lake)

    assert source.cursors == [None, Cursor(NOW, details=HISTORIES)]
    assert [(result.stream, result.rows_kept) for result in results] == [
        ("contacts", 1),
        ("contact_histories", 1),
    ]


def test_a_read_without_news_writes_no_load(lake: Lake) -> None:
    source = source_of(contact("a", 22))
    extract(source, lake)

    assert extract(source, lake)[0] == StreamResult("contacts", 1, 0, 0, ("jobtitle",), requests=1)


def test_an_object_that_the_crm_lacks_is_skipped_with_the_reason_and_its_columns(
    lake: Lake,
) -> None:
    source = source_of(contact("a"))
    source.failure = SkippedStreamError("hubspot", "contacts", "the scope is missing")
    source.fails_before_page = 1

    results = extract(source, lake)

    why = str(source.failure)
    assert results == [
        StreamResult("contacts", 0, 0, 0, (), skipped=why),
        StreamResult("contact_histories", 0, 0, 0, (), skipped=why),
    ]
    [load] = lake.paths("hubspot", "contacts")
    assert {"email", "jobtitle"} <= set(pq.read_schema(load).names)


def test_an_object_without_records_shows_its_columns_and_is_read_again_from_the_start(
    lake: Lake,
) -> None:
    class EmptySource(FakeSource):
        def _first_pages(self, cursor):  # type: ignore[no-untyped-def]
            return iter(())

    for _ in range(2):
        extract(EmptySource(CONTACTS, clock=NOW), lake)

    assert {"_record_id", "email", "jobtitle"} <= lake.columns("hubspot", "contacts")
    assert (kept_ids(lake, "contacts"), lake.cursor("hubspot", "contacts")) == ([], None)
    assert extract(source_of(contact("1")), lake)[0].rows_kept == 1


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_first_read_cut_off_at_any_page_is_resumed_and_loses_nothing(
    lake: Lake, page: int
) -> None:
    source = source_of(*(contact(key) for key in "abcdef"))
    source.fails_before_page = page
    with pytest.raises(Killed):
        extract(source, lake)
    source.fails_before_page = None

    extract(source, lake)

    assert kept_ids(lake, "contacts") == list("abcdef")
    assert kept_ids(lake, "contact_histories") == [f"{key}:lead" for key in "abcdef"]
    assert source.calls.read == 3


def test_what_was_kept_before_an_error_stands(lake: Lake) -> None:
    source = source_of(*(contact(key) for key in "abcd"))
    source.fails_before_page, source.failure = 2, UnavailableError("hubspot", "contacts")

    with pytest.raises(UnavailableError):
        extract(source, lake)

    assert kept_ids(lake, "contacts") == ["a", "b"]
    assert lake.cursor("hubspot", "contacts") == Cursor(NOW, resume_after="b", details=HISTORIES)


@pytest.mark.parametrize("commit", [1, 2, 3, 4, 5])
def test_a_kill_at_any_commit_loses_neither_records_nor_details(
    lake: Lake, commit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(*(contact(key) for key in "abcd"))
    with monkeypatch.context() as patch:
        patch.setattr(lake._files, "commit", killed_at(commit, lake._files.commit))
        with pytest.raises(Killed):
            extract(source, lake)

    extract(source, lake)

    assert kept_ids(lake, "contacts") == list("abcd")
    assert kept_ids(lake, "contact_histories") == [f"{key}:lead" for key in "abcd"]


def test_progress_counts_the_rows_read(lake: Lake) -> None:
    seen: list[tuple[str, int]] = []
    source = source_of(*(contact(key) for key in "abc"))

    extract_stream(source, CONTACTS, lake, AS_OF, lambda name, rows: seen.append((name, rows)))

    assert seen == [("contacts", 2), ("contacts", 3)]


def test_a_field_that_is_new_shows_though_no_record_has_changed(lake: Lake) -> None:
    extract(source_of(contact("1")), lake)
    before = lake.cursor("hubspot", "contacts")
    wider = replace(CONTACTS, required_fields={**CONTACTS.required_fields, "phase": "string"})
    source = FakeSource(wider, [contact("1")], clock=NOW)

    for _ in range(2):
        extract_stream(source, wider, lake, AS_OF, silent)

    assert "phase" in lake.columns("hubspot", "contacts")
    assert kept_ids(lake, "contacts") == ["1"]
    assert (len(lake.paths("hubspot", "contacts")), lake.cursor("hubspot", "contacts")) == (
        2,
        before,
    )


def test_a_hidden_detail_is_skipped_with_the_reason_and_its_stream_is_read(lake: Lake) -> None:
    assert extract(guarded(contact("a")), lake) == [
        StreamResult("contacts", 1, 1, 1, ("jobtitle",), requests=1),
        StreamResult("contact_histories", 0, 0, 0, (), skipped=WHY),
    ]


def test_a_detail_seen_in_part_is_kept_and_the_reason_told(lake: Lake) -> None:
    results = extract(guarded(contact("a"), shows="part"), lake)

    assert results[1] == StreamResult("contact_histories", 1, 1, 1, (), skipped=WHY)


@pytest.mark.parametrize("shows", ["part", "none"])
def test_a_detail_that_stays_hidden_costs_no_second_reading(
    lake: Lake, shows: Literal["part", "none"]
) -> None:
    source = guarded(contact("a"), shows=shows)
    for day in (23, 24):
        extract(source, lake)
        source.put(contact("b", day))
    extract(source, lake)

    assert source.cursors == [None, Cursor(NOW), Cursor(utc("2026-11-23"), "b")]


@pytest.mark.parametrize("shown_before", ["part", "none"])
def test_a_detail_that_is_shown_at_last_is_filled_once_in_the_same_run(
    lake: Lake, shown_before: Literal["part", "none"]
) -> None:
    source = guarded(*(contact(key) for key in "abc"), shows=shown_before)
    extract(source, lake)
    source.shows = "all"
    for day in (23, 24):
        source.put(contact("c", day))
        extract(source, lake)

    assert sorted({*kept_ids(lake, "contact_histories")}) == ["a:lead", "b:lead", "c:lead"]
    assert [cursor.resume_after for cursor in source.cursors if cursor] == [None, "", None]


def test_a_detail_that_is_hidden_after_it_was_read_stops_the_stream(lake: Lake) -> None:
    source = guarded(contact("a"), shows="all")
    extract(source, lake)
    source.shows = "none"
    source.put(contact("b", 23))

    with pytest.raises(ConfigError, match="contact_histories was read before and is refused now"):
        extract(source, lake)
    assert kept_ids(lake, "contacts") == ["a"]


def test_what_came_while_a_detail_was_hidden_is_read_when_it_is_shown_again(lake: Lake) -> None:
    source = guarded(contact("a"), shows="all")
    extract(source, lake)
    source.shows = "none"
    source.put(contact("b", 23))
    with pytest.raises(ConfigError):
        extract(source, lake)
    source.shows = "all"

    extract(source, lake)

    assert sorted(kept_ids(lake, "contact_histories")) == ["a:lead", "b:lead"]


def test_a_detail_that_is_new_to_an_old_lake_is_filled(lake: Lake) -> None:
    bare = replace(CONTACTS, details={})
    extract_stream(FakeSource(bare, [contact("a")], clock=NOW), bare, lake, AS_OF, silent)

    extract(source_of(contact("a"), contact("b", 23)), lake)

    assert sorted(kept_ids(lake, "contact_histories")) == ["a:lead", "b:lead"]
    assert kept_ids(lake, "contacts") == ["a", "b"]


def test_a_detail_without_rows_is_filled_but_once(lake: Lake) -> None:
    source = guarded(replace(contact("a"), details={}))
    extract(source, lake)
    source.shows = "all"
    for day in (23, 24):
        source.put(replace(contact("a", day), details={}))
        extract(source, lake)

    assert len(source.cursors) == 4
    assert lake.cursor("hubspot", "contacts") == Cursor(utc("2026-11-24"), "a", details=HISTORIES)


@pytest.mark.parametrize("commit", range(1, 7))
def test_a_kill_at_any_commit_leaves_no_detail_unfilled(
    lake: Lake, commit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = guarded(*(contact(key) for key in "abc"))
    extract(source, lake)
    source.shows = "all"
    source.put(contact("c", 23))
    with monkeypatch.context() as patch:
        patch.setattr(lake._files, "commit", killed_at(commit, lake._files.commit))
        with pytest.raises(Killed):
            extract(source, lake)

    source.put(contact("d", 24))
    extract(source, lake)

    kept = {"a:lead", "b:lead", "c:lead", "d:lead"}
    assert set(kept_ids(lake, "contact_histories")) == kept


def test_a_stream_is_never_skipped_once_rows_of_it_were_kept(lake: Lake) -> None:
    source = source_of(*(contact(key) for key in "abc"))
    source.failure = SkippedStreamError("hubspot", "contacts", WHY)
    source.fails_before_page = 2

    with pytest.raises(SkippedStreamError):
        extract(source, lake)

    assert kept_ids(lake, "contacts") == ["a", "b"]


def test_people_are_told_why_a_stream_was_skipped() -> None:
    streams = (StreamResult("deals", 2, 1, 1, ()), StreamResult("calls", 0, 0, 0, (), "[no] key"))

    with people.capture() as shown:
        print_streams(ExtractResult("hubspot", streams, NOW, CallCounts()))

    assert shown.get().splitlines() == [
        "hubspot deals: 2 read, 1 new",
        "hubspot calls: 0 read, 0 new",
        "  calls skipped: [no] key",
    ]
