"""Lake against warehouse: nothing lost on the way, no column of another type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.duckdb_paths import exactly

Loads = Mapping[str, Sequence[str]]

_HEADERS = 3 * 4_096
"""Bytes of a DuckDB file that has no table."""


@dataclass(frozen=True)
class BaseCheck:
    """One stream's records, in the lake and in base."""

    in_lake: int
    """Distinct records of the loads."""
    in_base: int
    """Distinct records of the table."""
    unsound: int
    """Rows of the table that stand beside another of their record, or lack what each row must say:
    the record, when it changed, whether it is the deletion, and the load that brought it."""

    @property
    def is_whole(self) -> bool:
        """Tell whether every record is there, once."""
        return self.in_lake == self.in_base and self.unsound == 0


def check_base(warehouse: Path, loads: Loads) -> dict[str, BaseCheck]:
    """Compare each stream's loads with its table of base."""
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return {
            name: BaseCheck(_in_lake(db, paths), *_in_base(db, name))
            for name, paths in loads.items()
        }


def find_shortfalls(warehouse: Path, loads: Loads) -> list[str]:
    """Return the streams whose records are not all in base once, and only they."""
    checks = check_base(warehouse, loads)
    return sorted(name for name, check in checks.items() if not check.is_whole)


def remove_torn(warehouse: Path) -> None:
    """Remove a warehouse that a killed build had only begun to make: it is built from the lake.

    DuckDB writes three headers of 4,096 bytes first, and refuses a file that has fewer.
    Source: duckdb.org, "Storage"; seen with DuckDB 2.0 on 2026-11-22.
    """
    if warehouse.exists() and warehouse.stat().st_size < _HEADERS:
        warehouse.unlink()


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
    landed = {
        row[0]: row[1]
        for row in db.execute(described, [[exactly(path) for path in paths]]).fetchall()
    }
    return any(kept[column] != landed[column] for column in kept.keys() & landed.keys())


def _in_lake(db: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> int:
    query = "select count(distinct _record_id) from read_parquet(?, union_by_name = true)"
    return _one(db, query, [[exactly(path) for path in paths]])


def _in_base(db: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int]:
    """Return the table's distinct records, and its rows that are not sound."""
    lacking = " or ".join(f"{column} is null" for column in _ALWAYS_THERE)
    query = f"""
        select count(distinct _record_id),
            count(*) - count(distinct _record_id) filter (where not ({lacking}))
        from base."{name}"
    """  # noqa: S608 - our own names
    row = db.execute(query).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


_ALWAYS_THERE = ("_record_id", "_modified_at", "_is_deleted", "_load_id")


def _one(db: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> int:
    row = db.execute(query, values).fetchone()
    return int(row[0]) if row else 0
