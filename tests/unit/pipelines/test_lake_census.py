"""Who lives in the lake: counted and listed in bounded memory, whatever the loads."""

from pathlib import Path

import pyarrow as pa
import pytest

from connectors.arrow import Row, build_table
from pipelines import arrow_sql, lake_census, lake_reading
from pipelines.arrow_sql import Spill
from pipelines.lake import Lake
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


def test_what_is_known_is_what_is_current(leads: Lake) -> None:
    with leads.known(*LEADS, ["Status", "Absent"]) as session:
        known = session.query("select * from known order by 1")

    assert known.to_pylist() == leads.current(*LEADS, ["Status"]).sort_by("_record_id").to_pylist()


def test_a_statement_that_needs_more_memory_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_sql, "SPILL_MEMORY", 2**20)
    ids = pa.table({"id": [f"{number:040}" for number in range(60_000)]})

    with Spill(tmp_path / "lake/spill").session() as session:
        session.query("create temp table ids as select id from rows order by id", rows=ids)
        assert session.query("select count(*) as n from ids").to_pylist() == [{"n": 60_000}]
