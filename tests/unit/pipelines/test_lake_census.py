"""Who lives in the lake: counted and listed in bounded memory, whatever the loads."""

import errno
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.arrow import Row, build_table
from connectors.records import ARROW_TYPES, RECORD_COLUMNS, Field
from pipelines import arrow_sql, lake_census, lake_reading, load_files
from pipelines.arrow_sql import Spill
from pipelines.lake import Lake
from pipelines.reading.comparing import Difference, compare
from tests.unit.pipelines.builders import AS_OF, FIELDS, lead

DAY, NEXT_DAY = "2026-11-20", "2026-11-21"
LEADS = ("salesforce", "leads")


def append(lake: Lake, *rows: Row) -> None:
    lake.append(*LEADS, build_table(FIELDS, rows), None, AS_OF)


@pytest.fixture(params=["local", "memory"])
def leads(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """Return a lake of the leads 1, 3 and 4; 2 and 5 are removed."""
    local = request.param == "local"
    found = Lake(str(tmp_path / "lake") if local else f"memory://{tmp_path}")
    append(found, lead("2", DAY), lead("1", DAY), lead("4", NEXT_DAY), lead("3", DAY))
    append(found, lead("2", NEXT_DAY, is_deleted=True), lead("4", DAY, is_deleted=True))
    append(found, lead("5", DAY, is_deleted=True))
    return found


def test_the_living_are_counted_and_listed_in_order(
    leads: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_census, "PORTION", 2)

    assert (leads.living(*LEADS), [*leads.living_ids(*LEADS)]) == (3, [["1", "3"], ["4"]])


def test_who_is_listed_lived_when_the_list_began(
    leads: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_census, "PORTION", 1)
    listed = leads.living_ids(*LEADS)
    first = next(listed)
    append(leads, lead("0", DAY), lead("3", NEXT_DAY, is_deleted=True))

    assert [first, *listed] == [["1"], ["3"], ["4"]]


def test_no_table_in_memory_holds_all_rows(leads: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    run = Spill.run

    def counted(spill: Spill, connection: object, sql: str, tables: dict[str, pa.Table]) -> object:
        held.extend(table.num_rows for table in tables.values())
        return run(spill, connection, sql, tables)  # type: ignore[arg-type]

    monkeypatch.setattr(Spill, "run", counted)
    monkeypatch.setattr(lake_reading, "FOLD_ROWS", 2)

    assert (leads.living(*LEADS), max(held)) == (3, 4)


def test_no_more_than_a_portion_of_a_load_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, held = Lake(str(tmp_path / "lake")), list[int]()
    append(lake, *(lead(str(number), DAY) for number in range(5)))

    def noted(_: object, part: pa.Table) -> pa.Table:
        held.append(len(part))
        return part

    monkeypatch.setattr(load_files, "PORTION_ROWS", 2)
    monkeypatch.setattr(lake_reading, "PART_BYTES", 1)
    monkeypatch.setattr(lake_census, "numbered", noted)

    assert (lake.living(*LEADS), held) == (5, [0, 2, 2, 1, 0])


def test_to_know_many_fields_each_load_tells_its_columns_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, told = Lake(str(tmp_path / "lake")), list[pq.ParquetFile]()
    append(lake, lead("1", DAY))
    described = pq.ParquetFile.schema_arrow.fget

    def noted(parquet: pq.ParquetFile) -> pa.Schema:
        told.append(parquet)
        return described(parquet)

    monkeypatch.setattr(pq.ParquetFile, "schema_arrow", property(noted))

    with lake.known(*LEADS, [Field(f"field{number}", "string") for number in range(60)]):
        assert len(told) == 2, "not once for the types of the columns, and once for their rows"


def test_what_is_known_is_what_is_current(leads: Lake) -> None:
    with leads.known(*LEADS, [*FIELDS, Field("Absent", "string")]) as session:
        known = session.query("select * exclude (_fields_hash, _made_at) from known order by 1")

    assert known.to_pylist() == leads.current(*LEADS).sort_by("_record_id").to_pylist()


def test_a_statement_that_needs_more_memory_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_sql, "SPILL_MEMORY", 2**20)
    ids = pa.table({"id": [f"{number:040}" for number in range(60_000)]})

    with Spill(tmp_path / "lake/spill").session() as session:
        session.query("create temp table ids as select id from rows order by id", rows=ids)
        assert session.query("select count(*) as n from ids").to_pylist() == [{"n": 60_000}]


def test_a_commit_that_needs_more_memory_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_sql, "SPILL_MEMORY", 2**22)
    texts = pa.array([f"value {number:05}" for number in range(3_000)])
    rows = pa.table({f"field{number}": texts for number in range(30)})

    with Spill(tmp_path / "lake/spill").session() as session:
        session.query("create temp table wide as select * from rows", rows=rows)
        session.query("insert into wide select * from rows", rows=rows)
        found = session.query("select count(*) as n from wide where field0 = field29")

    assert found.to_pylist() == [{"n": 6_000}]


def test_many_fields_are_compared_in_the_memory_of_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_sql, "MOST_MEMORY", arrow_sql.SPILL_MEMORY)
    fields = [Field(f"field{number}", "string") for number in range(60)]
    texts = pa.array([f"value {number:020}" for number in range(20_000)])
    rows = pa.table({"id": texts, **{field.name: texts for field in fields}})
    lake = Lake(str(tmp_path / "lake"))
    lake.append(*LEADS, stamped(rows), None, AS_OF, look="none")

    with lake.known(*LEADS, fields) as known:
        found = compare(iter([stamped(rows)]), known, fields)

    assert found == Difference(20_000, newest=AS_OF)


def stamped(rows: pa.Table) -> pa.Table:
    """Return rows whose first column is the id as a source yields them."""
    stamps = pa.repeat(pa.scalar(AS_OF, ARROW_TYPES["datetime"]), len(rows))
    living = pa.repeat(pa.scalar(False), len(rows))
    keys = dict(zip(RECORD_COLUMNS, (rows.column(0), stamps, living), strict=True))
    return pa.table({**keys, **dict(zip(rows.column_names[1:], rows.columns[1:], strict=True))})


def test_a_full_disk_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_sql, "SPILL_MEMORY", 2**20)
    monkeypatch.setattr(arrow_sql, "MOST_MEMORY", 2**21)
    with Spill(tmp_path / "lake/spill").session() as session:
        session.query("set global max_temp_directory_size = '1MB'")
        with pytest.raises(OSError, match="lake/spill") as told:
            session.query("create temp table t as select md5(range::varchar) from range(200000)")

    assert told.value.errno == errno.ENOSPC


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_disk_that_is_full_while_it_is_written_is_told_as_such(tmp_path: Path) -> None:
    opened = Spill(tmp_path / "lake/spill").session()
    with opened as session, pytest.raises(OSError, match="lake/spill") as told:
        session.query("copy (select 1) to '/dev/full' (format csv)")

    assert told.value.errno == errno.ENOSPC
