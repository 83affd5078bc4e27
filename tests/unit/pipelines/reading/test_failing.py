"""Single records that the CRM fails at: no other record waits for them, nor any duty."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pytest

from connectors.errors import FailedRecordsError, UnavailableError
from connectors.hubspot import failures
from connectors.records import Batch, Field, Stream
from pipelines.reading import failing, portions
from pipelines.reading.keeping import Keeper
from pipelines.reading.results import Audit, StreamResult
from tests.unit.pipelines.fakes import Killed
from tests.unit.pipelines.reading.desk import Desk, contact


def fail_at(desk: Desk, *ids: str) -> None:
    desk.source.fails_at = frozenset(ids)


@pytest.fixture
def failed(desk: Desk) -> Desk:
    """Three records were read; two changed, and the CRM fails at one of these."""
    desk.source.page_size = 9
    desk.put(contact("a"), contact("b"), contact("c"))
    desk.read()
    desk.later()
    fail_at(desk, "b")
    desk.put(contact("b", 22, email="new"), contact("c", 23, email="new"))
    return desk


def ended(result: StreamResult) -> tuple[str, bool]:
    """Return how it ended, and whether the record is named."""
    return result.status, "These did not come: b." in result.why


def test_the_others_come_and_the_cursor_goes_on_and_all_duties_are_done(failed: Desk) -> None:
    failed.source.vanish("a")
    result = failed.read(audit=0, settled=0, deletions=0)
    assert ended(result) == ("failed", True)
    assert failed.current("email") == {"b": ("b@example.com",), "c": ("new",)}
    assert [duty.name for duty in result.duties] == ["settled", "deletions", "audit"]


def test_they_are_asked_for_by_id_at_each_run_until_they_come(failed: Desk) -> None:
    ends = []
    for _ in range(3):
        ends += [ended(failed.read()), failed.asked("read_records")]
        failed.later()
    assert ends == [("failed", True), [], ("failed", True), [("b",)], ("failed", True), [("b",)]]
    fail_at(failed)
    assert (failed.read().status, failed.asked("count")) == ("whole", [])
    assert failed.current("email")["b"] == ("new",)
    failed.read()
    assert failed.asked("read_records") == []


def test_one_that_is_gone_meanwhile_is_buried_by_a_comparison(failed: Desk) -> None:
    failed.read()
    failed.later()
    failed.source.vanish("b")
    assert (failed.read().status, sorted(failed.current())) == ("whole", ["a", "c"])


def test_one_that_is_gone_is_not_forgotten_before_the_comparison(
    failed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed.read()
    failed.source.vanish("b")
    with monkeypatch.context() as patch:
        patch.setattr(failed.source, "count", die)
        with pytest.raises(Killed):
            failed.read()
    assert (failed.read().status, sorted(failed.current())) == ("whole", ["a", "c"])


def die(*_: object, **__: object) -> None:
    raise Killed


def test_they_are_noted_before_a_cursor_passes_over_them(
    failed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "keep_rows", die)
        with pytest.raises(Killed):
            failed.read()
    fail_at(failed)
    failed.source.read = lambda *_: iter(())  # type: ignore[method-assign]
    assert (failed.read().status, failed.current("email")["b"]) == ("whole", ("new",))


def test_no_answer_for_them_ends_no_duty(failed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    failed.read()
    failed.later()

    def refuse(*_: object) -> None:
        raise UnavailableError("hubspot", "contacts")

    monkeypatch.setattr(failed.source, "read_records", refuse)
    result = failed.read(audit=0)
    assert ended(result) == ("failed", True)
    assert result.audit == Audit(failed.source.now, 3, 3)


def test_a_repair_asks_for_them_no_second_time(failed: Desk) -> None:
    failed.read()
    failed.source.vanish("a")
    result = failed.read(audit=0)
    assert failed.asked("read_records") == [("b",), ("a",)]
    assert result.audit == Audit(failed.source.now, 2, 3, stale=1, extra=1, repaired=1, left=1)
    assert sorted(failed.current()) == ["b", "c"]


def test_no_answer_for_them_ends_no_repair(failed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    failed.read()
    failed.source.vanish("a")
    answer = failed.source.read_records

    def refuse(stream: Stream, fields: Sequence[Field], ids: Sequence[str]) -> Iterator[Batch]:
        if "b" in ids:
            raise UnavailableError("hubspot", "contacts")
        return answer(stream, fields, ids)

    monkeypatch.setattr(failed.source, "read_records", refuse)
    assert ended(failed.read(audit=0)) == ("failed", True)
    assert sorted(failed.current()) == ["b", "c"]


def test_one_that_never_came_costs_no_survey(failed: Desk) -> None:
    fail_at(failed, "b", "d")
    failed.put(contact("d", 22))
    result = failed.read(audit=0)
    assert result.audit == Audit(failed.source.now, 4, 3, missing=1, left=1)
    assert failed.asked("survey") == []


def test_one_that_never_came_hides_none_that_is_gone(failed: Desk) -> None:
    fail_at(failed, "b", "d")
    failed.put(contact("d", 22))
    failed.read()
    failed.source.vanish("b")
    assert (failed.read().status, sorted(failed.current())) == ("failed", ["a", "c"])


def test_one_reading_may_meet_all_that_a_stream_may_owe() -> None:
    assert failures.MOST_FAILED >= failing.MOST_OWED


def test_more_than_single_records_end_the_stream_and_the_cursor_stands(
    failed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failing, "MOST_OWED", 1)
    fail_at(failed, "b", "c")
    cursor = failed.lake.cursor("hubspot", "contacts")
    result = failed.read(audit=0)
    assert (result.status, [duty.name for duty in result.duties]) == ("failed", [])
    assert "fails at 2 records, such as b" in result.why
    assert failed.lake.cursor("hubspot", "contacts") == cursor


def test_a_record_that_lacks_a_detail_is_kept_and_asked_for_again(
    failed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(failed)
    batch = failed.source._batch

    def in_part(*given: Any) -> object:
        whole = batch(*given)
        tables = {"contacts": whole.tables["contacts"]}
        return type(whole)(tables, failed=frozenset({"b"}))

    with monkeypatch.context() as patch:
        patch.setattr(failed.source, "_batch", in_part)
        assert ended(failed.read()) == ("failed", True)
    assert failed.current("email")["b"] == ("new",)
    assert (failed.read().status, "b:22" in failed.ids("contact_histories")) == ("whole", True)


@pytest.fixture
def portioned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Six records in portions of two: a field is new, one of them is gone, and one fails."""
    monkeypatch.setattr(portions, "PORTION", 2)
    desk.source.page_size = 9
    desk.put(*map(contact, "abcdef"))
    desk.read()
    desk.later()
    desk.source.vanish("f")
    desk.source.described = {"plan": "string"}
    desk.put(*[contact(key, plan="gold") for key in "abcde"])
    fail_at(desk, "b")
    return desk


def test_a_repair_goes_on_behind_them_and_buries_what_is_gone(portioned: Desk) -> None:
    result = portioned.read()
    assert ended(result) == ("failed", True)
    gold = dict.fromkeys("acde", ("gold",))
    assert portioned.current("plan") == {**gold, "b": (None,)}
    assert result.audit == Audit(portioned.source.now, 5, 6, stale=5, extra=1, repaired=5, left=1)
    portioned.later()
    portioned.read()
    assert portioned.asked("survey") == []


def test_what_a_survey_fails_at_is_neither_gone_nor_forgotten(
    portioned: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def survey(*given: Any) -> Iterator[pa.Table]:
        for table in whole(*given):
            yield table.filter(pa.compute.not_equal(table["_record_id"], "b"))
        raise FailedRecordsError("hubspot", "contacts", record_ids=frozenset({"b"}))

    whole = portioned.source.survey
    monkeypatch.setattr(portioned.source, "survey", survey)
    result = portioned.read()
    assert (ended(result), sorted(portioned.current())) == (("failed", True), list("abcde"))
    assert result.audit == Audit(portioned.source.now, 5, 6, stale=5, extra=1, repaired=5, left=1)


def test_a_comparison_asks_for_them_too_and_is_no_success_before_they_come(failed: Desk) -> None:
    failed.read()
    assert (ended(failed.audit()), failed.asked("read_records")) == (("failed", True), [("b",)])
    fail_at(failed)
    assert (failed.audit().status, failed.current("email")["b"]) == ("whole", ("new",))
