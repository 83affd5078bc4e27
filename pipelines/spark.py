"""The same models on Spark: what dbt is told beside what DuckDB needs, and what readers find.

DuckDB reads the lake for Spark, in so far as it says which type fits a column of several loads, and
it reads Spark's tables for us: the file that is the warehouse elsewhere holds views of them here.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipelines.duckdb_paths import exactly

Shape = Mapping[str, object]
"""Of a stream: its columns with Spark's types, and its loads in groups that have the same ones."""

_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "bigint",
    "INTEGER": "int",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "VARCHAR[]": "array<string>",
}
_SPECIAL = "\\{}[]*?,^"
"""What a pattern of Hadoop's paths reads as more than itself."""


class SparkError(Exception):
    """Spark can't build what is asked of it."""


def spark_environment(warehouse: Path) -> dict[str, str]:
    """Return what dbt's profile asks for: tables and their catalogue stand beside the warehouse.

    A catalogue that the environment names already is taken instead.
    """
    home = _home(warehouse)
    own = os.environ.get("SPARK_SUBMIT_OPTS", "")
    beside = f"jdbc:derby:;databaseName={home / 'metastore'};create=true"
    return {
        "LEADCYCLE_SPARK_WAREHOUSE": str(home / "tables"),
        "LEADCYCLE_SPARK_METASTORE": os.environ.get("LEADCYCLE_SPARK_METASTORE") or beside,
        # Derby writes its log into the folder that it was started in, unless it is told another.
        "SPARK_SUBMIT_OPTS": f'{own} "-Dderby.system.home={home}"'.strip(),
    }


def lake_shapes(loads: Mapping[str, Sequence[str]]) -> dict[str, Shape]:
    """Say of each stream what columns its loads have together, and which loads are alike.

    Raises:
        SparkError: a column has a type that no load of ours has.
    """
    with duckdb.connect() as db:
        return {name: _shape(db, name, paths) for name, paths in loads.items() if paths}


def show_tables(warehouse: Path) -> None:
    """Make a DuckDB file whose views are Spark's tables, as they lie on this machine's disk."""
    aside = warehouse.with_suffix(".incoming")
    aside.unlink(missing_ok=True)
    with duckdb.connect(str(aside)) as db:
        for folder in sorted((_home(warehouse) / "tables").glob("*.db/*")):
            if any(folder.glob("*.parquet")):
                schema = folder.parent.name.removesuffix(".db")
                files = f"{exactly(folder)}/*.parquet".replace("'", "''")
                db.execute(f'create schema if not exists "{schema}"')
                view = f'create view "{schema}"."{folder.name}"'
                db.execute(f"{view} as from read_parquet('{files}')")
    aside.replace(warehouse)


@contextmanager
def spark_run(warehouse: Path) -> Iterator[None]:
    """Let one command of dbt have Spark; then end the session and show the tables.

    What a killed command left is removed first, and is built from the lake: Spark makes no table
    where files lie that no catalogue knows, and would fail at the same one for ever.
    """
    home = _home(warehouse)
    unfinished = home / "unfinished"
    if unfinished.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    _keep_values_out_of_logs()
    try:
        yield
    finally:
        _end_session()
        show_tables(warehouse)
        if not isinstance(sys.exc_info()[1], KeyboardInterrupt):
            unfinished.unlink()


def _keep_values_out_of_logs() -> None:
    """Stop pyspark from writing each error to stderr: it quotes what it stumbled over."""
    from pyspark.logger import PySparkLogger  # noqa: PLC0415 - as below

    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True


def _end_session() -> None:
    """End this process's session, if it has one: its memory and its catalogue are let go of."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and a second to import

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


def _home(warehouse: Path) -> Path:
    return warehouse.absolute().parent / "spark"


def _shape(db: duckdb.DuckDBPyConnection, name: str, paths: Sequence[str]) -> Shape:
    query = "describe select * from read_parquet(?, union_by_name = true)"
    described = db.execute(query, [[exactly(path) for path in paths]]).fetchall()
    columns = {row[0]: _type(name, row[0], row[1]) for row in described}
    alike: dict[str, dict[str, Any]] = {}
    for path in paths:
        schema = pq.read_schema(path)
        types = ",".join(f"{field.name} {field.type}" for field in schema)
        group = alike.setdefault(f"{Path(path).parent}:{types}", {"columns": schema.names})
        group.setdefault("paths", []).append(path)
    groups = [
        {"columns": group["columns"], "pattern": _pattern(group["paths"])}
        for group in alike.values()
    ]
    return {"columns": columns, "groups": groups}


def _type(stream: str, column: str, duckdb_type: str) -> str:
    if duckdb_type.startswith("DECIMAL"):
        return duckdb_type.lower()
    if duckdb_type not in _TYPES:
        raise SparkError(f"{stream}.{column} is of type {duckdb_type}: Spark's name is not known")
    return _TYPES[duckdb_type]


def _pattern(paths: Sequence[str]) -> str:
    """Return one pattern of paths of a folder; what is special in it stands for itself."""
    folder = _escaped(str(Path(paths[0]).parent))
    return f"{folder}/{{{','.join(_escaped(Path(path).name) for path in paths)}}}"


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)
