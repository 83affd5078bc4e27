"""Lake against warehouse."""

import os
from pathlib import Path

import duckdb
import pytest

from pipelines.integrity import find_shortfalls, has_retyped_column, remove_torn


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("create schema base")
        db.execute(
            "create table base.leads as select 'a' as _record_id, now() as _modified_at, "
            "false as _is_deleted, 0 as _load_id, 1.5::decimal(9, 2) as size"
        )
    return path


def load(folder: Path, name: str, select: str) -> str:
    path = folder / f"{name}.parquet"
    with duckdb.connect() as db:
        db.execute(f"copy (select {select}) to '{path}' (format parquet)")
    return str(path)


def test_a_record_that_did_not_reach_base_is_found(tmp_path: Path, warehouse: Path) -> None:
    kept = load(tmp_path, "1", "'a' as _record_id, 1.5::decimal(9, 2) as size")
    lost = load(tmp_path, "2", "'b' as _record_id, 1.5::decimal(9, 2) as size")

    assert find_shortfalls(warehouse, {"leads": [kept]}) == []
    assert find_shortfalls(warehouse, {"leads": [kept, lost]}) == ["leads"]


@pytest.mark.parametrize(
    "also",
    [
        "select * from base.leads",
        "select null, now(), false, 1, 2.0",
        "select 'a', null, false, 1, 2.0",
    ],
)
def test_a_row_too_many_or_without_its_marks_is_found(
    tmp_path: Path, warehouse: Path, also: str
) -> None:
    kept = load(tmp_path, "1", "'a' as _record_id")
    with duckdb.connect(str(warehouse)) as db:
        db.execute(f"insert into base.leads {also}")

    assert find_shortfalls(warehouse, {"leads": [kept]}) == ["leads"]


def test_a_field_that_changed_its_type_is_found(tmp_path: Path, warehouse: Path) -> None:
    number = load(tmp_path, "1", "'a' as _record_id, 1.5::decimal(9, 2) as size, 1 as fresh")
    text = load(tmp_path, "2", "'a' as _record_id, 'large' as size")

    assert not has_retyped_column(warehouse, {"leads": [number]})
    assert has_retyped_column(warehouse, {"leads": [number, text]})


def test_before_the_first_build_nothing_is_retyped(tmp_path: Path) -> None:
    assert not has_retyped_column(tmp_path / "none.duckdb", {"leads": ["nowhere"]})


@pytest.mark.parametrize(("size", "stands"), [(0, False), (4_096, False), (12_288, True)])
def test_a_warehouse_that_was_only_begun_is_removed(
    tmp_path: Path, size: int, *, stands: bool
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    duckdb.connect(str(warehouse)).close()
    os.truncate(warehouse, size)

    remove_torn(warehouse)

    assert warehouse.exists() is stands
    duckdb.connect(str(warehouse)).close()
