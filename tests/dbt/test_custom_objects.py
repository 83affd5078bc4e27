"""Streams that no model knows: a table of base each, by the same rule as the others."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.dbt.lake import Lake, utc, write_load
from tests.dbt.warehouse import BuildError, Warehouse

MACHINES = "hubspot__2-4711"
OTHERS = ("run", "--select", "hubspot__teams")
KEEP = ("run-operation", "keep_custom_object", "--args", f'{{"stream": "{MACHINES}"}}')


def _add(lake: Lake, *versions: tuple[str, str, str]) -> None:
    """Commit the next load of the custom object: id, time of the version, colour."""
    number = len(lake.loads.get(MACHINES, []))
    path = lake.folder / MACHINES / f"{number}.parquet"
    rows = [
        {"_record_id": record_id, "_modified_at": utc(at), "colour": colour}
        for record_id, at, colour in versions
    ]
    write_load(path, "hubspot__teams", number, rows)
    lake.loads[MACHINES].append(str(path))


def _colours(warehouse: Warehouse) -> list[tuple[str, ...]]:
    return warehouse.rows(f'select _record_id, colour from base."{MACHINES}" order by 1')


def test_a_custom_object_has_its_current_versions_in_base(warehouse: Warehouse, lake: Lake) -> None:
    _add(lake, ("1", "2026-01-01", "red"), ("2", "2026-01-01", "blue"))
    _add(lake, ("1", "2026-01-02", "green"))
    warehouse.build(lake.loads, *KEEP)
    assert _colours(warehouse) == [("1", "green"), ("2", "blue")]


def test_a_later_load_of_a_custom_object_makes_its_table_anew(
    warehouse: Warehouse, lake: Lake
) -> None:
    _add(lake, ("1", "2026-01-01", "red"))
    warehouse.build(lake.loads, *KEEP)
    _add(lake, ("1", "2025-12-31", "white"), ("2", "2026-01-02", "blue"))
    warehouse.build(lake.loads, *KEEP)
    assert _colours(warehouse) == [("1", "red"), ("2", "blue")]


def test_without_a_later_load_its_table_stays_and_no_load_is_read(
    warehouse: Warehouse, lake: Lake
) -> None:
    _add(lake, ("1", "2026-01-01", "red"))
    warehouse.build(lake.loads, *KEEP)
    [first] = lake.loads[MACHINES]
    _add(lake)
    Path(first).unlink()
    warehouse.build({**lake.loads, MACHINES: lake.loads[MACHINES][1:]}, *KEEP)
    assert _colours(warehouse) == [("1", "red")]


def test_a_table_that_cannot_be_made_anew_stands_as_it_was(
    warehouse: Warehouse, lake: Lake
) -> None:
    _add(lake, ("1", "2026-01-01", "red"))
    warehouse.build(lake.loads, *KEEP)
    pq.write_table(pa.table({"_load_id": [9]}), lake.folder / "odd.parquet")
    odd = {MACHINES: [str(lake.folder / "odd.parquet")]}
    with pytest.raises(BuildError, match="keep_custom_object failed"):
        warehouse.build(odd, *KEEP)
    assert _colours(warehouse) == [("1", "red")]


def test_the_table_of_an_object_that_is_read_no_longer_goes(
    warehouse: Warehouse, lake: Lake
) -> None:
    _add(lake, ("1", "2026-01-01", "red"))
    warehouse.build(lake.loads, *KEEP)
    warehouse.build(lake.loads, *OTHERS)
    assert _colours(warehouse) == [("1", "red")]
    del lake.loads[MACHINES]
    warehouse.build(lake.loads, *OTHERS)
    tables = "select table_name from information_schema.tables where table_schema = 'base'"
    assert warehouse.rows(tables) == [("hubspot__teams",)]
