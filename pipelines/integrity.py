"""Lake against warehouse: nothing lost on the way, no column of another type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

Loads = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class RecordCount:
    """Distinct records of one stream."""

    in_lake: int
    in_base: int


def count_records(warehouse: Path, loads: Loads) -> dict[str, RecordCount]:
    """Count each stream's distinct records in the given loads and in base."""
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return {
            name: RecordCount(_in_lake(db, paths), _in_base(db, name))
            for name, paths in loads.items()
        }


def find_shortfalls(warehouse: Path, loads: Loads) -> list[str]:
    """Return the streams whose records are not all in base, and only they."""
    counts = count_records(warehouse, loads)
    return sorted(name for name, count in counts.items() if count.in_lake != count.in_base)


def has_retyped_column(warehouse: Path, loads: Loads) -> bool:
    """Tell whether a column of base has another type than all loads together would give it."""
    if not warehouse.exists():
        return False
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return any(_is_retyped(db, name, paths) for name, paths in loads.items() if paths)


def base_columns(warehouse: Path, tables: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of tables of base, in their order."""
    query = "select column_name from information_schema.columns"
    where = "where table_schema = 'base' and table_name = ? order by ordinal_position"
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return {
            name: [str(row[0]) for row in db.execute(f"{query} {where}", [name]).fetchall()]
            for name in tables
        }


def _is_retyped(db: duckdb.DuckDBPyConnection, name: str, paths: Sequence[str]) -> bool:
    query = "select column_name, data_type from information_schema.columns"
    where = "where table_schema = 'base' and table_name = ?"
    kept = dict(db.execute(f"{query} {where}", [name]).fetchall())
    described = "describe select * from read_parquet(?, union_by_name = true)"
    landed = {row[0]: row[1] for row in db.execute(described, [list(paths)]).fetchall()}
    return any(kept[column] != landed[column] for column in kept.keys() & landed.keys())


def _in_lake(db: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> int:
    query = "select count(distinct _record_id) from read_parquet(?, union_by_name = true)"
    return _one(db, query, [list(paths)])


def _in_base(db: duckdb.DuckDBPyConnection, name: str) -> int:
    return _one(db, f'select count(distinct _record_id) from base."{name}"', [])  # noqa: S608 - our own names


def _one(db: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> int:
    row = db.execute(query, values).fetchone()
    return int(row[0]) if row else 0
