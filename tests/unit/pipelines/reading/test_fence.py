"""Marks are of one lake, and of the newest run on it: others' are not believed, nor kept."""

import shutil
from pathlib import Path

import pytest

from pipelines.lake import Lake
from pipelines.lake_writer import FencedError
from pipelines.reading.fence import Fence
from pipelines.reading.marks import Mark, Marks
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.reading.desk import Desk, contact

OLD, NEW = {"fields": Mark(utc("2026-11-20"))}, {"fields": Mark(utc("2026-11-22"))}


def begun(store: StateStore, lake: Lake) -> Marks:
    """Return the marks of a run that begins now."""
    return Marks(store.engine, "hubspot", Fence("hubspot", lake, lake.claim("hubspot")))


def kept(store: StateStore) -> Mark | None:
    return Marks(store.engine, "hubspot").get("contacts", "fields")


def test_marks_of_one_run_are_there_for_the_next_on_the_same_lake(
    store: StateStore, tmp_path: Path
) -> None:
    begun(store, Lake(str(tmp_path / "lake"))).note("contacts", OLD)
    shutil.move(tmp_path / "lake", tmp_path / "moved")

    assert begun(store, Lake(str(tmp_path / "moved"))).get("contacts", "fields") == OLD["fields"]


def test_a_run_that_was_fenced_off_changes_no_mark(store: StateStore, lake: Lake) -> None:
    older = begun(store, lake)
    begun(store, lake).note("contacts", NEW)

    with pytest.raises(FencedError, match="a newer run reads hubspot"):
        older.note("contacts", OLD)
    assert older.get("contacts", "fields") is None
    assert kept(store) == NEW["fields"]


def test_a_run_that_was_fenced_off_forgets_no_mark(store: StateStore, lake: Lake) -> None:
    older = begun(store, lake)
    older.note("contacts", OLD)
    begun(store, lake)

    with pytest.raises(FencedError):
        older.forget("contacts", "fields")
    assert kept(store) == OLD["fields"]


def test_a_run_that_sleeps_between_claim_and_marks_gets_none(store: StateStore, lake: Lake) -> None:
    slow = Fence("hubspot", lake, lake.claim("hubspot"))
    begun(store, lake).note("contacts", NEW)

    with pytest.raises(FencedError):
        Marks(store.engine, "hubspot", slow)
    assert kept(store) == NEW["fields"]


def test_marks_of_another_lake_are_let_go_of_though_it_was_read_less_often(
    store: StateStore, lake: Lake, tmp_path: Path
) -> None:
    begun(store, Lake(str(tmp_path / "other"))).note("contacts", OLD)
    lake.claim("hubspot")

    assert begun(store, lake).get("contacts", "fields") is None
    assert kept(store) is None


def test_marks_are_let_go_of_where_the_lake_was_put_back_to_an_older_state(
    store: StateStore, tmp_path: Path
) -> None:
    begun(store, Lake(str(tmp_path / "lake")))
    shutil.copytree(tmp_path / "lake", tmp_path / "saved")
    for _ in range(2):
        begun(store, Lake(str(tmp_path / "lake"))).note("contacts", OLD)

    assert begun(store, Lake(str(tmp_path / "saved"))).get("contacts", "fields") is None


def test_marks_of_one_crm_are_let_go_of_alone(
    store: StateStore, lake: Lake, tmp_path: Path
) -> None:
    Marks(store.engine, "salesforce").note("leads", OLD)
    begun(store, Lake(str(tmp_path / "other")))
    begun(store, lake)

    assert Marks(store.engine, "salesforce").get("leads", "fields") == OLD["fields"]


def test_a_stream_without_a_load_is_read_as_one_never_seen(desk: Desk, tmp_path: Path) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.source.purge("b")
    desk.lake = Lake(str(tmp_path / "anew"))
    result = desk.read()

    assert desk.asked("deletions") == [utc("1970-01-01")]
    assert desk.asked("count") == ["contacts"]
    assert (result.drift.new, result.status, desk.ids()) == ((), "whole", ["a"])


def test_a_detail_without_a_load_is_read_again_of_every_record(desk: Desk, tmp_path: Path) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    shutil.rmtree(tmp_path / "lake/raw/hubspot/contact_histories")
    desk.lake = Lake(str(tmp_path / "lake"))
    desk.read(details=0)

    assert desk.ids("contact_histories") == ["a:20", "b:20"]
