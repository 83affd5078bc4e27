"""Loads are appended, never replaced; rows and cursor commit together or not at all."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.arrow import Row
from connectors.records import Cursor
from pipelines.lake import Lake, empty_table
from pipelines.lake_writer import LakeConflictError, Load, StreamWriter
from tests.unit.pipelines.builders import AS_OF, lead, lead_table, utc
from tests.unit.pipelines.fakes import Killed

CURSOR = Cursor(utc("2026-11-20"), "00Q1")
LATER = Cursor(utc("2026-11-21"), "00Q2")
FIRST = lead("00Q1", "2026-11-20")
SECOND = lead("00Q2", "2026-11-21")


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty lake, on disk and on an object store."""
    return str(tmp_path / "lake") if request.param == "file" else f"memory:/{tmp_path}/lake"


def append(lake: Lake, *rows: Row, cursor: Cursor | None = CURSOR) -> Load | None:
    return lake.append("salesforce", "leads", lead_table(*rows), cursor, AS_OF)


def writer(url: str) -> StreamWriter:
    """Return a writer that has seen the loads there are now, and sees no other."""
    return StreamWriter(Lake(url)._files, "salesforce", "leads", epoch=0)


def read(lake: Lake) -> list[dict[str, object]]:
    """Return every row of every load, read by name."""
    paths = lake.paths("salesforce", "leads")
    tables = [pq.read_table(path, filesystem=lake._files.fs) for path in paths]
    rows: list[dict[str, object]] = pa.concat_tables(tables, promote_options="default").to_pylist()
    return rows


def test_an_empty_lake_has_no_loads_and_no_cursor(url: str) -> None:
    lake = Lake(url)

    assert (lake.paths("salesforce", "leads"), lake.cursor("salesforce", "leads")) == ([], None)


def test_a_load_is_the_next_number_of_its_stream(url: str) -> None:
    lake = Lake(url)

    loads = [append(lake, FIRST), append(lake, SECOND)]

    assert [load and (load.load_id, load.rows) for load in loads] == [(1, 1), (2, 1)]
    assert [path.rpartition("/")[2] for path in lake.paths("salesforce", "leads")] == [
        "00000001.parquet",
        "00000002.parquet",
    ]


def test_a_load_holds_the_rows_and_the_lakes_own_columns(url: str) -> None:
    lake = Lake(url)
    append(lake, FIRST)

    (row,) = read(lake)

    assert isinstance(row.pop("_row_hash"), int)
    assert row == {
        "_record_id": "00Q1",
        "_modified_at": utc("2026-11-20"),
        "_is_deleted": False,
        "Email": "00Q1@example.com",
        "Status": "New",
        "_unreadable": None,
        "_load_id": 1,
        "_extracted_at": AS_OF,
    }


def test_the_cursor_is_the_one_of_the_last_load(url: str) -> None:
    lake = Lake(url)
    append(lake, FIRST)
    append(lake, SECOND, cursor=LATER)

    assert Lake(url).cursor("salesforce", "leads") == LATER


def test_an_increment_without_news_writes_nothing_and_the_cursor_stays(url: str) -> None:
    lake = Lake(url)
    append(lake, FIRST)

    assert append(lake, FIRST, cursor=LATER) is None
    assert append(lake, cursor=LATER) is None
    assert lake.cursor("salesforce", "leads") == CURSOR


def test_a_first_load_is_kept_without_rows(url: str) -> None:
    lake = Lake(url)

    assert append(lake) is not None
    assert read(lake) == []


def test_the_end_of_a_first_read_is_kept_without_rows(url: str) -> None:
    lake, done = Lake(url), Cursor(AS_OF)
    append(lake, FIRST, cursor=Cursor(AS_OF, resume_after="00Q1"))

    append(lake, cursor=done)

    assert lake.cursor("salesforce", "leads") == done


def test_a_second_writer_cannot_overwrite_a_load(url: str) -> None:
    late = writer(url)
    append(Lake(url), FIRST)

    with pytest.raises(LakeConflictError, match="another run is reading this stream"):
        late.append(lead_table(SECOND), LATER, AS_OF, "versions")

    assert [row["_record_id"] for row in read(Lake(url))] == ["00Q1"]
    assert Lake(url).cursor("salesforce", "leads") == CURSOR


def test_a_refused_writer_leaves_nothing_aside(tmp_path: Path) -> None:
    late = writer(str(tmp_path))
    append(Lake(str(tmp_path)), FIRST)

    with pytest.raises(LakeConflictError):
        late.append(lead_table(SECOND), LATER, AS_OF, "versions")

    assert list((tmp_path / "incoming/salesforce").iterdir()) == []


def test_rows_without_a_cursor_leave_it_where_it_is(url: str) -> None:
    lake = Lake(url)
    append(lake, FIRST)

    append(lake, SECOND, cursor=None)

    assert (len(read(lake)), lake.cursor("salesforce", "leads")) == (2, CURSOR)


def test_streams_and_crms_number_their_loads_apart(lake: Lake) -> None:
    append(lake, FIRST)
    tasks = lake.append("salesforce", "tasks", lead_table(FIRST), CURSOR, AS_OF)
    contacts = lake.append("hubspot", "leads", lead_table(FIRST), CURSOR, AS_OF)

    assert [load and load.load_id for load in (tasks, contacts)] == [1, 1]


def test_what_is_not_a_load_is_not_listed(lake: Lake, tmp_path: Path) -> None:
    append(lake, FIRST)
    folder = tmp_path / "lake/raw/salesforce/leads"
    for name in ("00000002.parquet.tmp", "2.parquet", "notes.txt"):
        (folder / name).touch()

    assert len(lake.paths("salesforce", "leads")) == 1


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_kill_before_the_commit_leaves_rows_and_cursor_as_they_were(
    lake: Lake, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise Killed

    append(lake, FIRST)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, kill)
        with pytest.raises(Killed):
            append(lake, SECOND, cursor=LATER)

    assert (len(read(lake)), lake.cursor("salesforce", "leads")) == (1, CURSOR)
    assert append(lake, SECOND, cursor=LATER) is not None
    assert (len(read(lake)), lake.cursor("salesforce", "leads")) == (2, LATER)


def test_a_commit_is_on_disk_with_its_name_and_the_folders_above_it(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[os.stat_result] = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (synced.append(os.fstat(file)), sync(file)))

    append(lake, FIRST)

    leads = tmp_path / "lake/raw/salesforce/leads"
    for folder in (
        leads,
        *(parent for parent in leads.parents if tmp_path in (parent, *parent.parents)),
    ):
        assert any(os.path.samestat(folder.stat(), one) for one in synced), folder
    assert os.path.samestat(synced[-1], leads.stat())


def test_a_torn_file_left_aside_by_a_kill_is_never_read(lake: Lake, tmp_path: Path) -> None:
    append(lake, FIRST)
    aside = tmp_path / "lake/incoming/salesforce"
    (aside / "torn.parquet").write_bytes(b"PAR1")

    append(lake, SECOND)

    assert [row["_record_id"] for row in read(lake)] == ["00Q1", "00Q2"]


def test_an_empty_table_begins_with_the_record_columns() -> None:
    table = empty_table({"value": pa.int64()})

    assert (table.column_names, table.num_rows) == (
        ["_record_id", "_modified_at", "_is_deleted", "value"],
        0,
    )
