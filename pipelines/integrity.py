"""Nothing is lost between the lake and the warehouse: records are counted on both sides."""

from dataclasses import dataclass

import duckdb

from pipelines.loop import lake_of, loads_of
from pipelines.settings import Settings


@dataclass(frozen=True)
class RecordCount:
    """Distinct records of one stream."""

    in_lake: int
    in_base: int


def base_shortfalls(settings: Settings) -> dict[str, RecordCount]:
    """Count each stream's distinct records in the lake and in base, by `<crm>__<stream>`."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as db:
        return {
            name: RecordCount(_in_lake(db, paths), _in_base(db, name))
            for name, paths in loads_of(lake_of(settings)).items()
        }


def _in_lake(db: duckdb.DuckDBPyConnection, paths: list[str]) -> int:
    query = "select count(distinct _record_id) from read_parquet(?, union_by_name = true)"
    return _one(db, query, [paths])


def _in_base(db: duckdb.DuckDBPyConnection, name: str) -> int:
    return _one(db, f'select count(distinct _record_id) from base."{name}"', [])  # noqa: S608 - our own names


def _one(db: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> int:
    row = db.execute(query, values).fetchone()
    return int(row[0]) if row else 0
