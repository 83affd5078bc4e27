"""What Spark is told of the lake, and how its tables are shown; without Spark."""

from pathlib import Path

import duckdb
import pytest

from pipelines import spark
from pipelines.spark import (
    SparkError,
    lake_shapes,
    show_tables,
    spark_environment,
    spark_run,
)


def load(path: Path, columns: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(f"select {columns}").write_parquet(str(path))
    return str(path)


def test_loads_of_the_same_columns_are_read_together(tmp_path: Path) -> None:
    paths = [load(tmp_path / f"{number}.parquet", "1::bigint as _load_id") for number in (1, 2)]

    shape = lake_shapes({"hubspot__contacts": paths})["hubspot__contacts"]

    assert shape == {
        "columns": {"_load_id": "bigint"},
        "groups": [{"columns": ["_load_id"], "pattern": f"{tmp_path}/{{1.parquet,2.parquet}}"}],
    }


def test_a_column_of_several_loads_has_the_type_that_duckdb_gives_it(tmp_path: Path) -> None:
    first = load(tmp_path / "1.parquet", "1::bigint as _load_id, 7::bigint as size, true as old")
    second = load(tmp_path / "2.parquet", "2::bigint as _load_id, 'big' as size")

    shape = lake_shapes({"hubspot__contacts": [first, second]})["hubspot__contacts"]

    assert shape["columns"] == {"_load_id": "bigint", "size": "string", "old": "boolean"}
    assert shape["groups"] == [
        {"columns": ["_load_id", "size", "old"], "pattern": f"{tmp_path}/{{1.parquet}}"},
        {"columns": ["_load_id", "size"], "pattern": f"{tmp_path}/{{2.parquet}}"},
    ]


def test_every_type_of_a_load_has_a_name_on_spark(tmp_path: Path) -> None:
    columns = (
        "'a' as text, 1::bigint as whole, 1::decimal(38, 9) as money, true as flag,"
        " date '2026-01-01' as day, timestamptz '2026-01-01 00:00:00Z' as at, ['a'] as many"
    )
    shape = lake_shapes({"s": [load(tmp_path / "1.parquet", columns)]})["s"]
    assert shape["columns"] == {
        "text": "string",
        "whole": "bigint",
        "money": "decimal(38,9)",
        "flag": "boolean",
        "day": "date",
        "at": "timestamp",
        "many": "array<string>",
    }


def test_a_type_without_a_name_on_spark_is_refused_by_its_column(tmp_path: Path) -> None:
    odd = load(tmp_path / "1.parquet", "time '12:00' as noon")
    with pytest.raises(SparkError, match=r"hubspot__calls\.noon is of type TIME"):
        lake_shapes({"hubspot__calls": [odd]})


def test_what_is_special_in_a_path_stands_for_itself(tmp_path: Path) -> None:
    odd = load(tmp_path / "a{b},c*" / "1.parquet", "1::bigint as _load_id")
    shape = lake_shapes({"s": [odd]})["s"]
    assert isinstance(shape["groups"], list)
    assert shape["groups"][0]["pattern"] == f"{tmp_path}/a\\{{b\\}}\\,c\\*/{{1.parquet}}"


def test_a_stream_without_loads_has_no_shape() -> None:
    assert lake_shapes({"hubspot__calls": []}) == {}


def test_sparks_tables_are_views_of_the_warehouse(tmp_path: Path) -> None:
    load(
        tmp_path / "spark" / "tables" / "marts.db" / "people" / "part-0.parquet", "'p' as person_id"
    )
    load(
        tmp_path / "spark" / "tables" / "marts.db" / "people" / "part-1.parquet", "'q' as person_id"
    )
    (tmp_path / "spark" / "tables" / "marts.db" / "being_made").mkdir()

    for _ in range(2):  # a build shows its tables again
        show_tables(tmp_path / "warehouse.duckdb")

    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as db:
        assert db.execute("select person_id from marts.people order by 1").fetchall() == [
            ("p",),
            ("q",),
        ]
        tables = db.execute("select table_name from information_schema.tables").fetchall()
    assert tables == [("people",)]


def test_a_catalogue_of_the_companys_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADCYCLE_SPARK_METASTORE", "jdbc:postgresql://db/metastore")
    found = spark_environment(Path("/home/warehouse.duckdb"))
    assert found["LEADCYCLE_SPARK_METASTORE"] == "jdbc:postgresql://db/metastore"
    monkeypatch.delenv("LEADCYCLE_SPARK_METASTORE")
    own = spark_environment(Path("/home/warehouse.duckdb"))["LEADCYCLE_SPARK_METASTORE"]
    assert own == "jdbc:derby:;databaseName=/home/spark/metastore;create=true"


@pytest.fixture
def without_session(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_keep_values_out_of_logs", "_end_session"):
        monkeypatch.setattr(spark, name, lambda: None)


@pytest.mark.usefixtures("without_session")
def test_tables_stay_when_a_model_failed(tmp_path: Path) -> None:
    people = tmp_path / "spark" / "tables" / "marts.db" / "people" / "part-0.parquet"
    load(people, "'p' as person_id")
    with pytest.raises(RuntimeError), spark_run(tmp_path / "warehouse.duckdb"):
        raise RuntimeError
    with spark_run(tmp_path / "warehouse.duckdb"):
        assert people.exists()


@pytest.mark.usefixtures("without_session")
def test_what_a_killed_build_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "spark" / "tables" / "marts.db" / "people__aside" / "part-0.parquet"
    load(left, "'p' as person_id")
    (tmp_path / "spark" / "unfinished").touch()
    with spark_run(tmp_path / "warehouse.duckdb"):
        assert not left.exists()
    assert not (tmp_path / "spark" / "unfinished").exists()
