"""Publishing: marts and sync models as files, switched at once.

Readers never open the warehouse. They read `CURRENT.json` once and then the files it names; a
snapshot's files are never changed, and the last few snapshots stay for readers that are slow.
"""

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

PUBLISHED_SCHEMAS = ("marts", "sync")
KEPT_SNAPSHOTS = 5
_SNAPSHOT = re.compile(r"^\d{6}$")


class NothingPublishedError(Exception):
    """Nothing has been published yet: run `leadcycle run` (or `extract`, then `build`)."""


@dataclass(frozen=True)
class Snapshot:
    """One published state of all tables."""

    name: str
    as_of: datetime
    rules_version: str
    tables: Mapping[str, Path]
    """Files by `schema.table`."""
    receipt_marks: Mapping[str, int]
    """By CRM, the last receipt that was kept before the CRM was read for this snapshot."""
    earlier: tuple[str, ...]
    """Snapshots published before this one whose files are still there, oldest first."""

    def read(self, table: str) -> pa.Table:
        """Return a published table."""
        return pq.read_table(self.tables[table])


def publish(
    warehouse: Path,
    published_dir: Path,
    as_of: datetime,
    rules_version: str,
    receipt_marks: Mapping[str, int],
    *,
    queries: Mapping[str, str] | None = None,
) -> Snapshot:
    """Write every mart and sync model as a new snapshot and switch to it.

    Args:
        warehouse: The file that was built.
        published_dir: Where snapshots are.
        as_of: The instant it was computed at (UTC).
        rules_version: The rules it was computed by.
        receipt_marks: As in `Snapshot`.
        queries: What to publish besides, by `schema.table`: our own SQL, never a user's.
    """
    name = f"{_latest_number(published_dir) + 1:06d}"
    aside = published_dir / f"{name}.incoming"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    with duckdb.connect(str(warehouse), read_only=True) as db:
        selected = {**_tables(db), **(queries or {})}
        for table, query in selected.items():
            _copy(db, query, aside / _file_of(table))
    aside.rename(published_dir / name)
    published = [*_published(published_dir), name][-KEPT_SNAPSHOTS:]
    files = {table: f"{name}/{_file_of(table)}" for table in selected}
    current = {
        "snapshot": name,
        "as_of": as_of.isoformat().replace("+00:00", "Z"),
        "rules_version": rules_version,
        "receipt_marks": dict(receipt_marks),
        "published": published,
        "tables": files,
    }
    _replace(published_dir / "CURRENT.json", json.dumps(current, indent=1))
    _drop_others(published_dir, published)
    return read_current(published_dir)


def read_current(published_dir: Path) -> Snapshot:
    """Return the snapshot that is published now.

    Raises:
        NothingPublishedError: nothing is.
    """
    path = published_dir / "CURRENT.json"
    if not path.exists():
        raise NothingPublishedError(str(NothingPublishedError.__doc__))
    kept = json.loads(path.read_text("utf-8"))
    tables = {name: published_dir / file for name, file in kept["tables"].items()}
    as_of = datetime.fromisoformat(kept["as_of"])
    return Snapshot(
        kept["snapshot"],
        as_of,
        kept["rules_version"],
        tables,
        kept["receipt_marks"],
        tuple(kept["published"][:-1]),
    )


def previous_table(published_dir: Path, snapshot: Snapshot, table: str) -> Path | None:
    """Return a table's file in the snapshot before this one, None where there is none."""
    file_name = snapshot.tables[table].name
    files = (published_dir / name / file_name for name in reversed(snapshot.earlier))
    return next((file for file in files if file.exists()), None)


def publish_table(published_dir: Path, name: str, table: pa.Table) -> None:
    """Replace one file beside the snapshots, e.g. the plans' accounts."""
    path = published_dir / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    pq.write_table(table, aside)
    aside.replace(path)


def _tables(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    query = """
        select table_schema, table_name from information_schema.tables
        where list_contains(?, table_schema) order by table_schema, table_name
    """
    found = db.execute(query, [PUBLISHED_SCHEMAS]).fetchall()
    return {f"{schema}.{table}": f'from "{schema}"."{table}"' for schema, table in found}


def _file_of(table: str) -> str:
    return table.replace(".", "__", 1) + ".parquet"


def _copy(db: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    target = str(path).replace("'", "''")
    db.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)")


def _latest_number(published_dir: Path) -> int:
    return max((int(folder.name) for folder in _snapshots(published_dir)), default=0)


def _snapshots(published_dir: Path) -> list[Path]:
    if not published_dir.exists():
        return []
    return sorted(path for path in published_dir.iterdir() if _SNAPSHOT.match(path.name))


def _published(published_dir: Path) -> list[str]:
    """Return the snapshots that were published: a killed run may leave others behind."""
    if not (published_dir / "CURRENT.json").exists():
        return []
    current = read_current(published_dir)
    return [*current.earlier, current.name]


def _drop_others(published_dir: Path, kept: list[str]) -> None:
    for folder in published_dir.glob("[0-9]*"):
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)


def _replace(path: Path, text: str) -> None:
    aside = path.with_suffix(".tmp")
    aside.write_text(text, "utf-8")
    aside.replace(path)
