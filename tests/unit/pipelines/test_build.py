"""What a build leaves for its readers."""

import json
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from connectors.hubspot.streams.custom import custom_object
from pipelines.build import Build, NothingBuiltError, last_build, loads_of, publish_build
from pipelines.custom_objects import keep_custom_objects
from pipelines.lake import Lake
from pipelines.project import BuildError
from pipelines.settings import Settings
from tests.unit.pipelines.builders import AS_OF, lead, lead_table

BASE = """
create table base.salesforce__{0} as
    select '1' as _record_id, now() as _modified_at, false as _is_deleted, 1 as _load_id,
        '{0}-01' as "LEADCYCLE_STAGE_PASS__C", '{0}@example.com' as "Email";
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose warehouse holds what was read of each CRM."""
    settings = Settings(LEADCYCLE_HOME=tmp_path)
    with duckdb.connect(str(settings.warehouse_path)) as db:
        db.execute("create schema base; create schema marts; create schema sync")
        db.execute(BASE.format("leads") + BASE.format("contacts"))
        db.execute("create table base.hubspot__contacts as from base.salesforce__contacts")
        db.execute("create table marts.people as select 'p1' as person_id")
    return settings


def note(settings: Settings, loads: dict[str, list[str]]) -> None:
    """Leave the note of a build that succeeded."""
    build = Build(AS_OF.isoformat(), "rules-1", {"salesforce": 7}, loads)
    (settings.home / "build.json").write_text(json.dumps(asdict(build)))


def test_what_each_sync_finds_in_its_crm_is_published_beside_the_marts(settings: Settings) -> None:
    note(settings, loads={})

    snapshot = publish_build(settings)

    assert {table: path.name for table, path in snapshot.tables.items()} == {
        "marts.people": "marts__people.parquet",
        "current.salesforce__leads": "current__salesforce__leads.parquet",
        "current.salesforce__contacts": "current__salesforce__contacts.parquet",
        "current.hubspot__contacts": "current__hubspot__contacts.parquet",
    }
    assert (snapshot.as_of, snapshot.receipt_marks) == (AS_OF, {"salesforce": 7})


def test_a_note_that_another_version_left_is_no_build(settings: Settings) -> None:
    (settings.home / "build.json").write_text(json.dumps({"as_of": AS_OF.isoformat()}))

    with pytest.raises(NothingBuiltError, match=r"`leadcycle build`\. Its note is of another"):
        last_build(settings)


@pytest.mark.parametrize("stream", ["leads", "contacts"])
def test_a_sync_finds_its_own_object_and_its_own_fields_only(
    settings: Settings, stream: str
) -> None:
    note(settings, loads={})

    [row] = publish_build(settings).read(f"current.salesforce__{stream}").to_pylist()

    del row["modified_at"]
    assert row == {"record_id": "1", "stage_pass": f"{stream}-01"}


def test_nothing_is_published_while_a_record_of_the_lake_is_not_in_base(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "1.parquet"
    duckdb.sql("select unnest(['1', '2']) as _record_id").write_parquet(str(path))
    note(settings, loads={"salesforce__leads": [str(path)]})

    with pytest.raises(BuildError, match="not in base: salesforce__leads"):
        publish_build(settings)
    assert not settings.published_dir.exists()


def test_nothing_is_published_before_a_build_succeeded(settings: Settings) -> None:
    with pytest.raises(NothingBuiltError, match="leadcycle build"):
        publish_build(settings)


def test_custom_objects_that_are_read_are_built_and_former_ones_are_not(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    (tmp_path / "raw" / "hubspot" / "2-4711").mkdir(parents=True)
    for name in ("machines", "sites"):
        lake.append("hubspot", name, lead_table(lead("1", "2026-11-20")), None, AS_OF)
    read = [custom_object("machines").stream, custom_object("2-4711").stream]

    loads = loads_of(lake, {"hubspot": read})

    assert {name for name, paths in loads.items() if paths} == {"hubspot__machines"}
    assert "hubspot__2-4711" not in loads
    assert loads["salesforce__leads"] == []


def test_an_odd_custom_object_fails_alone(tmp_path: Path) -> None:
    odd, good = tmp_path / "odd.parquet", tmp_path / "good.parquet"
    duckdb.sql("select 'Ann' as surname, 1 as _load_id").write_parquet(str(odd))
    row = "'1' as _record_id, now() as _modified_at, 1 as _load_id, now() as _extracted_at"
    duckdb.sql(f"select {row}, 'h' as _row_hash").write_parquet(str(good))
    loads = {"hubspot__odd": [str(odd)], "hubspot__good": [str(good)]}

    failed = keep_custom_objects(
        tmp_path / "warehouse.duckdb", tmp_path / "dbt", {"lake_loads": loads}, loads
    )

    assert failed == {"hubspot__odd": "dbt failed at: Binder Error"}
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as db:
        assert db.execute("select _record_id from base.hubspot__good").fetchall() == [("1",)]
