"""Compares every table of two warehouses, row by row."""

from pathlib import Path

import duckdb

SCHEMAS = ("base", "staging", "intermediate", "marts", "sync")
OF_ONE_BUILD = {"stg_leadcycle__news", "int_changed_touches", "int_touched_people"}
"""What a build finds changed: no table that anybody reads afterwards."""


def differing_tables(one: Path, other: Path) -> dict[str, tuple[int, int]]:
    """Return of tables that differ how many rows only the one has, and only the other."""
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute("set TimeZone = 'UTC'")
        for name, path in (("one", one), ("other", other)):
            db.execute(f"attach '{path}' as {name} (read_only)")
        tables = _tables(db, "one")
        assert tables == _tables(db, "other")
        assert len(tables) > 100
        counts = {
            table: (_only_in(db, "one", "other", table), _only_in(db, "other", "one", table))
            for table in tables
        }
        return {table: both for table, both in counts.items() if any(both)}


def _tables(db: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    found = db.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_catalog = ? and table_schema in ? and table_name not in ? order by 1",
        [name, SCHEMAS, list(OF_ONE_BUILD)],
    )
    return [table for (table,) in found.fetchall()]


def _only_in(db: duckdb.DuckDBPyConnection, one: str, other: str, table: str) -> int:
    rows = f"select * from {one}.{table} except all select * from {other}.{table}"
    [(count,)] = db.execute(f"select count(*) from ({rows})").fetchall()
    return int(count)
