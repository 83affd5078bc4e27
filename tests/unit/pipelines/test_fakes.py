"""The fakes keep the promises of the interfaces they stand for."""

import pytest

from connectors.arrow import Row
from connectors.changes import OwnField, RecordChange, WriteResult
from connectors.records import Cursor, Field, Stream
from tests.unit.pipelines.builders import FIELDS, LEADS, utc
from tests.unit.pipelines.fake_source import FakeSource, Version
from tests.unit.pipelines.fakes import FakeDestination, Kill, Killed

NOW = utc("2026-11-22")


def version(record_id: str, day: int, status: str = "New") -> Version:
    return Version(record_id, utc(f"2026-11-{day:02}"), {"Email": "a@b.c", "Status": status})


def read_ids(source: FakeSource, cursor: Cursor | None) -> list[list[str]]:
    batches = source.read(LEADS, FIELDS, cursor)
    return [batch.tables["leads"].column("_record_id").to_pylist() for batch in batches]


def test_a_destination_leaves_out_records_that_are_gone() -> None:
    destination = FakeDestination({"1": {"Stage__c": "Lead"}})

    held = destination.read_current("Lead", ["1", "2"], ["Stage__c", "Score__c"])

    assert held == {"1": {"Stage__c": "Lead", "Score__c": None}}


def test_a_destination_answers_each_change_in_order() -> None:
    destination = FakeDestination({"1": {}, "2": {}}, batch_size=3, refusals={"2": "LOCKED"})

    results = destination.write("Lead", [RecordChange(key, {"a": "x"}) for key in ("2", "1", "3")])

    assert results == [
        WriteResult("2", "rejected", "LOCKED"),
        WriteResult("1", "accepted"),
        WriteResult("3", "rejected", "ENTITY_IS_DELETED"),
    ]
    assert destination.records == {"1": {"a": "x"}, "2": {}}


def test_a_destination_drops_values_it_is_deaf_to_and_says_it_took_them() -> None:
    destination = FakeDestination({"1": {"a": "old"}}, deaf_to=frozenset({"a"}))

    assert destination.write("Lead", [RecordChange("1", {"a": "new", "b": "new"})]) == [
        WriteResult("1", "accepted")
    ]
    assert destination.records == {"1": {"a": "old", "b": "new"}}


def test_a_destination_refuses_more_than_a_batch() -> None:
    with pytest.raises(ValueError, match="2 changes in a call, 1 allowed"):
        FakeDestination({}, batch_size=1).write("Lead", [RecordChange("1", {})] * 2)


@pytest.mark.parametrize(
    ("kill", "taken"),
    [(Kill(1, "before"), ""), (Kill(1, "halfway"), "1"), (Kill(1, "after"), "12")],
)
def test_a_kill_ends_a_write_before_halfway_or_after_the_crm_has_acted(
    kill: Kill, taken: str
) -> None:
    destination = FakeDestination({"1": {}, "2": {}}, kill=kill)

    with pytest.raises(Killed):
        destination.write("Lead", [RecordChange(key, {"a": "x"}) for key in "12"])

    assert {key for key, values in destination.records.items() if values} == set(taken)
    assert destination.times_sent() == dict.fromkeys(taken, 1)


def test_a_restart_counts_calls_anew_and_keeps_the_records() -> None:
    destination = FakeDestination({"1": {}}, kill=Kill(1, "before"))
    destination.restart()

    destination.write("Lead", [RecordChange("1", {"a": "x"})])

    assert (destination.calls_made, destination.records) == (1, {"1": {"a": "x"}})


def test_provisioning_twice_creates_once() -> None:
    destination, own = FakeDestination({}), OwnField("Stage__c", "Stage", "string")

    states = [destination.provision("Lead", [own])[0].state for _ in range(2)]

    assert states == ["created", "present"]


def test_a_first_read_goes_by_id_and_is_resumed_where_it_stopped() -> None:
    source = FakeSource(LEADS, [version(key, 20) for key in "dbca"], clock=NOW)

    assert read_ids(source, None) == [["a", "b"], ["c", "d"]]
    assert read_ids(source, Cursor(NOW, resume_after="b")) == [["c", "d"]]


def test_a_first_read_of_nothing_is_one_empty_batch() -> None:
    assert read_ids(FakeSource(LEADS, clock=NOW), None) == [[]]


def test_an_increment_reads_again_what_bears_the_cursors_stamp() -> None:
    source = FakeSource(LEADS, [version("a", 18), version("b", 20), version("c", 19)], clock=NOW)

    assert read_ids(source, Cursor(utc("2026-11-19"), "c")) == [["c", "b"]]


def test_the_cursor_of_a_finished_first_read_is_the_clock_it_began_at() -> None:
    source = FakeSource(LEADS, [version(key, 20) for key in "abc"], clock=NOW)

    cursors = [batch.cursor for batch in source.read(LEADS, FIELDS, None)]

    assert cursors == [Cursor(NOW, resume_after="b"), Cursor(NOW)]


def test_details_stand_beside_the_records_they_came_with() -> None:
    stream = Stream("hubspot", "contacts", "contacts", {}, {"steps": (Field("value", "string"),)})
    step = Row("a:1", NOW, False, {"value": "lead"})
    source = FakeSource(stream, [Version("a", NOW, {}, details={"steps": (step,)})], clock=NOW)

    (batch,) = source.read(stream, (), None)

    assert batch.tables["steps"].column("value").to_pylist() == ["lead"]


def test_a_source_fails_before_the_page_it_was_told_to() -> None:
    source = FakeSource(LEADS, [version(key, 20) for key in "abc"], clock=NOW)
    source.fails_before_page = 2
    pages = source.read(LEADS, FIELDS, None)
    next(pages)

    with pytest.raises(Killed):
        next(pages)
