"""Files into the lake: what is news is kept once, and the counts add up."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.histories.building import last_instant
from pipelines.histories.errors import EmptyHistoryError
from pipelines.histories.files import FileForm
from pipelines.histories.importing import FileAccount, begin, import_events, import_records
from pipelines.histories.replacing import Said, forget_others
from pipelines.histories.streams import SYSTEM
from pipelines.lake import Lake

HEADER = "case,stage,at,id"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    begin(lake)
    return lake


def imported(
    lake: Lake,
    folder: Path,
    *lines: str,
    name: str = "f.csv",
    said: Said | None = None,
    **form: Any,
) -> FileAccount:
    path = folder / name
    path.write_text("\n".join((HEADER, *lines)) + "\n", "utf-8")
    told = FileForm("case", "stage", "at", **{"id": "id", **form})
    return import_events(lake, path, told, folder / "spill", said)


def events(lake: Lake) -> list[tuple[Any, ...]]:
    rows = lake.current(SYSTEM, "events", ["case_id", "activity", "place"]).to_pylist()
    return sorted((row["case_id"], row["activity"], row["place"].lstrip("0")) for row in rows)


def unusable(lake: Lake) -> set[tuple[str, int]]:
    rows = lake.current(SYSTEM, "unusable_rows", ["reason", "row_number"]).to_pylist()
    return {(row["reason"], row["row_number"]) for row in rows if not row["_is_deleted"]}


ROWS = ("c1,A,2026-01-01,1", "c1,B,2026-01-02,2")


def test_the_same_file_again_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    first, again = (imported(lake, tmp_path, *ROWS, ",A,2026-01-01,9") for _ in range(2))
    assert (first.new, again.new, again.known) == (2, 0, 2)
    assert len(lake.paths(SYSTEM, "events")) == 2
    assert len(lake.paths(SYSTEM, "unusable_rows")) == 2


@pytest.mark.parametrize("ids", [{"id": "id"}, {"id": None}])
def test_a_longer_file_adds_what_is_new(lake: Lake, tmp_path: Path, ids: dict[str, Any]) -> None:
    imported(lake, tmp_path, *ROWS, **ids)
    longer = imported(lake, tmp_path, *ROWS, "c1,C,2026-01-03,3", **ids)
    assert (longer.new, longer.known) == (1, 2)
    assert [row[1] for row in events(lake)] == ["A", "B", "C"]


def test_numbers_as_ids_are_in_order_as_numbers(lake: Lake, tmp_path: Path) -> None:
    imported(lake, tmp_path, "c,B,2026-01-01,10", "c,A,2026-01-01,9")
    rows = lake.current(SYSTEM, "events", ["activity", "place"]).to_pylist()
    assert [row["activity"] for row in sorted(rows, key=lambda row: row["place"])] == ["A", "B"]


@pytest.mark.parametrize("form", [{"ties": "row"}, {"id": None}])
def test_rows_order_events_where_told_and_where_there_are_no_ids(
    lake: Lake, tmp_path: Path, form: dict[str, Any]
) -> None:
    imported(lake, tmp_path, "c,B,2026-01-01,10", "c,A,2026-01-01,9", **form)
    assert events(lake) == [("c", "A", "2"), ("c", "B", "1")]


def in_order(lake: Lake) -> list[str]:
    rows = lake.current(SYSTEM, "events", ["activity", "place"]).to_pylist()
    living = [row for row in rows if not row["_is_deleted"]]
    return [row["activity"] for row in sorted(living, key=lambda row: row["place"])]


def test_events_of_an_instant_are_in_the_order_of_their_files_then_of_their_rows(
    lake: Lake, tmp_path: Path
) -> None:
    imported(lake, tmp_path, "c,A,2026-01-01,", "c,B,2026-01-01,", "c,C,2026-01-01,", id=None)
    imported(lake, tmp_path, "c,D,2026-01-01,", "c,E,2026-01-01,", id=None)
    assert in_order(lake) == ["A", "B", "C", "D", "E"]


def test_a_longer_file_whose_newest_rows_come_first_tells_only_its_new_rows_anew(
    lake: Lake, tmp_path: Path
) -> None:
    imported(lake, tmp_path, "c,B,2026-01-02,", "c,A,2026-01-01,", id=None)
    longer = ("c,C,2026-01-03,", "c,B,2026-01-02,", "c,A,2026-01-01,")
    account = imported(lake, tmp_path, *longer, id=None)
    assert (account.new, account.known) == (1, 2)


def test_what_the_files_no_longer_say_of_their_source_is_forgotten_where_they_replace_it(
    lake: Lake, tmp_path: Path
) -> None:
    imported(lake, tmp_path, "c,A,2026-01-01,", "c,B,2026-01-01,", ",X,2026-01-01,", id=None)
    imported(lake, tmp_path, "c,Z,2026-01-01,", id=None, source="other", name="other.csv")
    said = Said()
    imported(lake, tmp_path, "c,B,2026-01-01,", "c,C,2026-01-01,", id=None, said=said)
    assert forget_others(lake, "file", said) == 1
    assert set(in_order(lake)) == {"B", "C", "Z"}
    assert unusable(lake) == set()
    again = imported(lake, tmp_path, "c,B,2026-01-01,", "c,C,2026-01-01,", id=None, said=Said())
    assert (again.new, again.known) == (0, 2)


def test_without_ids_each_row_is_an_event_also_where_it_says_the_same(
    lake: Lake, tmp_path: Path
) -> None:
    rows = ("c,A,2026-01-01,", "c,B,2026-01-01,", "c,A,2026-01-01,")
    first, again = (imported(lake, tmp_path, *rows, id=None) for _ in range(2))
    assert (first.new, again.known, again.new) == (3, 3, 0)


def test_of_rows_with_one_id_the_last_counts_and_the_others_are_told(
    lake: Lake, tmp_path: Path
) -> None:
    account = imported(
        lake, tmp_path, "c,A,2026-01-01,1", "c,B,2026-01-01,1", "c,B,2026-01-01,1", *ROWS[1:]
    )
    assert (account.rows, account.new, account.repeated) == (4, 2, 1)
    assert account.set_aside == {"another row has the same id": 1}
    assert unusable(lake) == {("another row has the same id", 1)}
    assert ("c", "B", "1") in events(lake)


def test_a_row_that_is_mended_is_set_aside_no_longer(lake: Lake, tmp_path: Path) -> None:
    imported(lake, tmp_path, "c1,A,soon,1", ",A,2026-01-01,2")
    imported(lake, tmp_path, "c1,A,later,5", name="other.csv")
    account = imported(lake, tmp_path, "c1,A,2026-01-01,1", ",A,2026-01-01,2")
    assert account.set_aside == {"no case": 1}
    assert account.examples == {"no case": [2]}
    assert unusable(lake) == {("no case", 2), ("unreadable time", 1)}


def test_an_event_that_a_later_file_tells_otherwise_is_as_the_later_file_says(
    lake: Lake, tmp_path: Path
) -> None:
    imported(lake, tmp_path, *ROWS)
    account = imported(lake, tmp_path, "c1,Z,2025-12-31,2")
    assert account.new == 1
    assert events(lake) == [("c1", "A", "1"), ("c1", "Z", "2")]


def test_two_sources_may_use_the_same_ids(lake: Lake, tmp_path: Path) -> None:
    imported(lake, tmp_path, *ROWS, source="one")
    assert imported(lake, tmp_path, *ROWS, source="two").new == 2


def test_of_a_cases_records_the_one_that_changed_last_counts(lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("case,stage,at\nc1,B,2026-01-02\nc1,A,2026-01-01\nc2,A,2026-01-01\n", "utf-8")
    form = FileForm("case", "stage", "at")
    account = import_records(lake, path, form, tmp_path / "spill")
    assert (account.rows, account.new, account.repeated) == (3, 2, 1)
    rows = lake.current(SYSTEM, "records", ["case_id", "stage"]).to_pylist()
    assert {(row["case_id"], row["stage"]) for row in rows} == {("c1", "B"), ("c2", "A")}


def test_times_in_the_other_unit_are_told_and_none_is_kept(lake: Lake, tmp_path: Path) -> None:
    account = imported(lake, tmp_path, "c,A,1767225600000,1", time_format="epoch")
    assert (account.new, account.set_aside) == (0, {"unreadable time": 1})
    assert account.likely_time_format == "epoch_ms"
    with pytest.raises(EmptyHistoryError, match="epoch_ms"):
        last_instant(lake)
    assert imported(lake, tmp_path, "c,A,1,1", time_format="epoch").likely_time_format is None


def test_the_last_instant_is_that_of_events_as_they_stand_now(lake: Lake, tmp_path: Path) -> None:
    imported(lake, tmp_path, "c1,A,2026-01-01,1", "c1,B,2096-01-02,2")
    imported(lake, tmp_path, "c1,A,2026-01-01,1", "c1,B,2026-01-02,2")
    assert last_instant(lake) == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_file_that_is_history_and_record_has_its_rows_set_aside_as_both(
    lake: Lake, tmp_path: Path
) -> None:
    imported(lake, tmp_path, "c1,A,soon,1", "c2,A,2026-01-01,2")
    form = FileForm("case", "stage", "at")
    import_records(lake, tmp_path / "f.csv", form, tmp_path / "spill")
    (tmp_path / "else").mkdir()
    imported(lake, tmp_path / "else", "c1,A,2026-01-01,1")
    rows = lake.current(SYSTEM, "unusable_rows", ["stream", "row_number"]).to_pylist()
    living = {(row["stream"], row["row_number"]) for row in rows if not row["_is_deleted"]}
    assert living == {("events", 1), ("records", 1)}
