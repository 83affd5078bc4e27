"""Tables of objects that no model covers, on Spark: made anew where a load is newer, each alone."""

from pathlib import Path

import duckdb
import pytest

from pipelines.custom_objects import keep_custom_objects
from tests.spark.cluster import driver_environment, running_cluster

pytestmark = pytest.mark.spark

ROW = "'{id}' as _record_id, timestamptz '{at}' as _modified_at, {load}::bigint as _load_id"
REST = "timestamptz '2026-01-01 00:00:00Z' as _extracted_at, 5::bigint as _row_hash"


def load(path: Path, columns: str) -> str:
    duckdb.sql(f"select {columns}").write_parquet(str(path))
    return str(path)


def test_an_object_whose_column_changes_its_type_is_kept_and_an_odd_one_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ROW.format(id=1, at="2026-01-01 00:00:00Z", load=1)
    new = ROW.format(id=1, at="2026-01-02 00:00:00Z", load=2)
    odd = load(tmp_path / "odd.parquet", "'Ann' as surname, 1::bigint as _load_id")
    first = load(tmp_path / "1.parquet", f"{old}, {REST}, 7::bigint as size, ['a'] as many")
    second = load(tmp_path / "2.parquet", f"{new}, {REST}, 'big' as size")
    kept = []

    with running_cluster(tmp_path / "cluster") as address:
        for name, value in driver_environment(address, tmp_path / "cluster").items():
            monkeypatch.setenv(name, value)
        for paths in ([first], [first, second]):
            loads = {"hubspot__odd": [odd], "hubspot__machines": paths}
            warehouse = tmp_path / "warehouse.duckdb"
            variables = {"lake_loads": loads}
            failed = keep_custom_objects(warehouse, tmp_path / "dbt", variables, loads, "spark")
            assert failed == {"hubspot__odd": "dbt failed at: Runtime Error"}
            with duckdb.connect(str(warehouse), read_only=True) as db:
                kept += db.execute("select size, many from base.hubspot__machines").fetchall()

    assert kept == [(7, ["a"]), ("big", None)]
