"""Reading a stream and its details into the lake, whatever interrupts it."""

from itertools import count
from pathlib import Path

import pytest

from connectors.errors import (
    AuthError,
    CrmError,
    ForbiddenError,
    QuotaExhaustedError,
    SkippedStreamError,
    UnavailableError,
)
from connectors.records import Cursor
from pipelines import commit_points
from pipelines.commit_points import CommitPoint
from pipelines.lake import Lake
from pipelines.reading.extraction import Orders
from pipelines.reading.stream import extract_stream
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.fake_source import FakeSource
from tests.unit.pipelines.fakes import Killed
from tests.unit.pipelines.reading.desk import CONTACTS, NOW, Desk, contact, whole_stream

HISTORIES, ASSOCIATIONS = "contact_histories", "contact_associations"
ASSOCIATED = [f"contacts:{key}:companies" for key in "abc"]


def test_a_first_read_keeps_records_and_details(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"), contact("c"))
    result = desk.read()

    assert (result.rows_read, result.rows_kept, result.loads) == (3, 3, 2)
    assert (result.missing_fields, result.requests, result.status) == (("jobtitle",), 4, "whole")
    assert desk.ids(HISTORIES) == ["a:20", "b:20", "c:20"]
    assert [other.rows_kept for other in desk.results] == [3, 3, 3]


def test_a_first_read_is_counted_by_the_crm_at_once(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    audit = desk.read().audit

    assert audit is not None
    assert (audit.crm_count, audit.lake_count, audit.left) == (2, 2, 0)
    assert desk.asked("survey") == []


def test_a_first_read_of_an_empty_crm_makes_every_stream_known(desk: Desk) -> None:
    desk.read()

    assert {"email", "jobtitle"} <= desk.lake.columns("hubspot", "contacts")
    assert {"contact_id", "value"} <= desk.lake.columns("hubspot", HISTORIES)


def test_an_increment_starts_at_the_cursor_and_keeps_only_news(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.put(contact("b", 23))
    result = desk.read()

    assert desk.source.cursors == [None, Cursor(NOW)]
    assert (result.rows_kept, desk.results[1].rows_kept) == (1, 1)


def test_a_read_without_news_writes_no_load_and_asks_nothing_else(desk: Desk) -> None:
    desk.put(contact("a", 22))
    desk.read()
    result = desk.read()

    assert (result.rows_read, result.rows_kept, result.loads, result.requests) == (1, 0, 0, 1)
    assert (result.repeated, result.compared, desk.source.asked) == (1, 1, [])


def test_an_object_that_the_crm_lacks_is_skipped_with_the_reason_and_its_columns(
    desk: Desk,
) -> None:
    desk.source.failure = SkippedStreamError("hubspot", "contacts", "the scope is missing")
    desk.source.fails_before_page = 1
    desk.put(contact("a"))
    result = desk.read()

    assert (result.status, result.skipped) == ("skipped", str(desk.source.failure))
    assert [other.skipped for other in desk.results] == [str(desk.source.failure)] * 3
    assert {"email", "jobtitle"} <= desk.lake.columns("hubspot", "contacts")


def test_a_stream_that_was_read_before_and_is_refused_is_read_in_part(desk: Desk) -> None:
    desk.put(contact("a", 22))
    desk.read()
    desk.put(contact("b", 23))
    desk.source.failure = SkippedStreamError("hubspot", "contacts", "HTTP 403")
    desk.source.fails_before_page = 1
    result = desk.read()

    assert (result.status, result.why, result.skipped) == ("partial", str(desk.source.failure), "")


def test_a_stream_is_never_skipped_once_it_has_begun(desk: Desk) -> None:
    desk.put(*(contact(key) for key in "abc"))
    desk.source.failure = SkippedStreamError("hubspot", "contacts", "HTTP 403")
    desk.source.fails_before_page = 2
    result = desk.read()

    assert (result.status, result.skipped, desk.ids()) == ("failed", "", ["a", "b"])


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_first_read_cut_off_at_any_page_is_resumed_and_loses_nothing(
    desk: Desk, page: int
) -> None:
    desk.put(*(contact(key) for key in "abcdef"))
    desk.source.fails_before_page = page
    with pytest.raises(Killed):
        desk.read()
    desk.source.fails_before_page = None
    desk.read()

    assert desk.ids() == list("abcdef")
    assert desk.ids(HISTORIES) == [f"{key}:20" for key in "abcdef"]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (UnavailableError("hubspot", "contacts"), "failed"),
        (ForbiddenError("hubspot", "contacts"), "failed"),
        (QuotaExhaustedError("hubspot", "contacts"), "partial"),
    ],
)
def test_what_was_kept_before_an_error_stands_and_the_reason_is_told(
    desk: Desk, failure: CrmError, status: str
) -> None:
    desk.put(*(contact(key) for key in "abcd"))
    desk.source.fails_before_page, desk.source.failure = 2, failure
    result = desk.read()

    assert (result.status, result.why, desk.ids()) == (status, str(failure), ["a", "b"])
    assert [(other.status, other.why) for other in desk.results[1:]] == [(status, str(failure))] * 2
    assert desk.lake.cursor("hubspot", "contacts") == Cursor(NOW, resume_after="b")
    assert desk.source.asked == []


def test_wrong_credentials_end_everything(desk: Desk) -> None:
    desk.source.fails_before_page, desk.source.failure = 1, AuthError("hubspot", "contacts")

    with pytest.raises(AuthError):
        desk.read()


def passings(desk: Desk, monkeypatch: pytest.MonkeyPatch, kill_at: int = 0) -> int:
    """Read, killed at the nth commit point that is passed; return how many were passed."""
    passed: list[CommitPoint] = []

    def pass_or_die(point: CommitPoint) -> None:
        passed.append(point)
        if len(passed) == kill_at:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(commit_points, "passing", pass_or_die)
        try:
            desk.read()
        except Killed:
            return len(passed)
    return len(passed)


def test_a_kill_at_any_commit_point_neither_loses_nor_doubles_records_and_details(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.put(*(contact(key) for key in "abc"))
    for kill_at in count(1):
        killed = desk.anew(Lake(str(tmp_path / f"killed at {kill_at}")))
        if passings(killed, monkeypatch, kill_at) < kill_at:
            break
        killed.read()
        assert sorted(killed.ids()) == list("abc"), kill_at
        assert sorted(killed.ids(HISTORIES)) == ["a:20", "b:20", "c:20"], kill_at
        assert sorted(killed.ids(ASSOCIATIONS)) == ASSOCIATED, kill_at
    assert kill_at > 20


def test_progress_counts_the_rows_read(desk: Desk) -> None:
    seen: list[tuple[str, int]] = []
    desk.put(*(contact(key) for key in "abc"))

    extract_stream(desk.run(report=lambda name, rows: seen.append((name, rows))), CONTACTS)

    assert seen[:2] == [("contacts", 2), ("contacts", 3)]


def test_a_field_that_is_new_shows_though_no_record_has_it(desk: Desk) -> None:
    desk.put(contact("a"))
    desk.read()
    before = desk.lake.cursor("hubspot", "contacts")
    desk.stream = whole_stream(required_fields={**CONTACTS.required_fields, "phase": "string"})
    for _ in range(2):
        desk.read()

    assert "phase" in desk.lake.columns("hubspot", "contacts")
    assert (desk.ids(), desk.lake.cursor("hubspot", "contacts")) == (["a"], before)
    assert len(desk.lake.paths("hubspot", "contacts")) == 2


def test_a_full_refresh_reads_everything_again_and_keeps_what_is_new(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.put(contact("a", jobtitle="boss"))
    desk.read(Orders(full_refresh=True))
    desk.read()

    assert [cursor and cursor.resume_after for cursor in desk.source.cursors] == [None, "", None]
    assert (desk.ids(), desk.current("jobtitle")["a"]) == (["a", "b", "a"], ("boss",))


def test_a_full_refresh_that_was_cut_off_goes_on(desk: Desk) -> None:
    desk.put(*(contact(key) for key in "abcd"))
    desk.read()
    desk.source.fails_before_page = 2
    with pytest.raises(Killed):
        desk.read(Orders(full_refresh=True))
    desk.source.fails_before_page = None
    desk.put(contact("d", jobtitle="boss"))
    desk.read()

    assert desk.current("jobtitle")["d"] == ("boss",)


def test_an_object_without_records_is_read_again_from_the_start(desk: Desk) -> None:
    class EmptySource(FakeSource):
        def read(self, stream, fields, cursor):  # type: ignore[no-untyped-def]
            return iter(())

    desk.source = EmptySource(CONTACTS, clock=NOW)
    for _ in range(2):
        desk.read()

    assert (desk.ids(), desk.lake.cursor("hubspot", "contacts")) == ([], None)
    desk.source = FakeSource(CONTACTS, [contact("1")], clock=utc("2026-11-22"))
    assert desk.read().rows_kept == 1
