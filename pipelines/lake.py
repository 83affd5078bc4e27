"""The lake: append-only loads, the only truth.

A load is one Parquet file, `raw/<crm>/<stream>/<sequence>.parquet`, written aside and committed by
a create-if-absent, so that a second writer can never replace it. The cursor that stands after the
load is in the file's footer: rows and cursor commit together or not at all.
"""

import hashlib
import os
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from connectors.records import IS_DELETED, MODIFIED_AT, RECORD_COLUMNS, RECORD_ID, Cursor

LOAD_COLUMNS = ("_load_id", "_extracted_at", "_row_hash")
_CURSOR_KEY = b"leadcycle.cursor"
_LOAD_NAME = re.compile(r"(\d{8})\.parquet$")


class LakeConflictError(Exception):
    """Another run committed this load first: wait for it to end, then run again."""


@dataclass(frozen=True)
class Load:
    """One committed load."""

    load_id: int
    path: str
    rows: int


class Lake:
    """Loads under one fsspec address, e.g. a folder or `s3://bucket/lake`."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = fsspec.core.url_to_fs(url)

    def paths(self, crm: str, stream: str) -> list[str]:
        """Return the stream's committed loads, oldest first."""
        folder = self._folder(crm, stream)
        if not self._fs.exists(folder):
            return []
        names = self._fs.ls(folder, detail=False)
        return sorted(name for name in names if _LOAD_NAME.search(name))

    def cursor(self, crm: str, stream: str) -> Cursor | None:
        """Return the cursor that stands after the stream's last load, None before the first."""
        paths = self.paths(crm, stream)
        if not paths:
            return None
        kept = pq.read_schema(paths[-1], filesystem=self._fs).metadata or {}
        return Cursor.from_json(kept[_CURSOR_KEY].decode()) if _CURSOR_KEY in kept else None

    def append(
        self,
        crm: str,
        stream: str,
        table: pa.Table,
        cursor: Cursor | None,
        extracted_at: datetime,
    ) -> Load | None:
        """Keep the versions the lake lacks as the stream's next load.

        Args:
            crm: CRM name, the first folder.
            stream: Stream name, the second folder.
            table: Columns begin with RECORD_COLUMNS.
            cursor: What stands once the rows are kept; None for detail streams, which follow
                their parent's cursor.
            extracted_at: When the rows were read, UTC.

        Returns:
            The load, or None where there was nothing to keep (no version, no new column): the
            cursor stays where it was.

        Raises:
            LakeConflictError: another writer took the sequence number.
        """
        paths = self.paths(crm, stream)
        hashed = table.append_column("_row_hash", _row_hashes(table))
        fresh = _unknown_versions(hashed, self._known_versions(paths, table))
        changes_nothing = fresh.num_rows == 0 and not self._adds_columns(crm, stream, table)
        if paths and changes_nothing and not self._moves_first_read(crm, stream, cursor):
            return None
        load_id = _sequence(paths[-1]) + 1 if paths else 1
        stamped = _stamp(fresh, load_id, extracted_at)
        footer = dict(stamped.schema.metadata or {})
        if cursor is not None:
            footer[_CURSOR_KEY] = cursor.to_json().encode()
        path = f"{self._folder(crm, stream)}/{load_id:08d}.parquet"
        self._commit(stamped.replace_schema_metadata(footer), path)
        return Load(load_id, path, stamped.num_rows)

    def _adds_columns(self, crm: str, stream: str, table: pa.Table) -> bool:
        """A field that is new must show, even before any record has a value in it."""
        return not set(table.column_names) <= self.columns(crm, stream)

    def columns(self, crm: str, stream: str) -> set[str]:
        """Return the column names of the stream's last load; none before the first."""
        paths = self.paths(crm, stream)
        return set(pq.read_schema(paths[-1], filesystem=self._fs).names) if paths else set()

    def _folder(self, crm: str, stream: str) -> str:
        return f"{self._root}/raw/{crm}/{stream}"

    def _moves_first_read(self, crm: str, stream: str, cursor: Cursor | None) -> bool:
        """A first read that ends on an empty page must still be recorded as ended."""
        last = self.cursor(crm, stream)
        return cursor is not None and last is not None and last.resume_after != cursor.resume_after

    def _known_versions(self, paths: list[str], table: pa.Table) -> list[dict[str, Any]]:
        """Versions already kept that the incoming rows could repeat, oldest first."""
        if not paths or table.num_rows == 0:
            return []
        stamps = table.column(MODIFIED_AT)
        floor = min(stamp for stamp in stamps.to_pylist() if stamp is not None)
        kept = ds.dataset(paths, filesystem=self._fs, format="parquet").to_table(
            columns=[RECORD_ID, MODIFIED_AT, "_row_hash", "_load_id"],
            filter=(ds.field(MODIFIED_AT) >= pa.scalar(floor, stamps.type))
            & ds.field(RECORD_ID).isin(table.column(RECORD_ID).combine_chunks().unique()),
        )
        order = [(MODIFIED_AT, "ascending"), ("_load_id", "ascending")]
        rows: list[dict[str, Any]] = kept.sort_by(order).to_pylist()
        return rows

    def _commit(self, table: pa.Table, path: str) -> None:
        incoming = f"{self._root}/incoming/{uuid.uuid4().hex}.parquet"
        if not isinstance(self._fs, LocalFileSystem):
            buffer = pa.BufferOutputStream()
            pq.write_table(table, buffer, compression="zstd")
            _create(self._fs, path, buffer.getvalue().to_pybytes())
            return
        self._fs.makedirs(f"{self._root}/incoming", exist_ok=True)
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        with open(incoming, "wb") as file:  # noqa: PTH123 - fsspec hands out plain strings
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(incoming, path)
        except FileExistsError:
            raise LakeConflictError(f"{_conflict(path)}") from None
        finally:
            os.unlink(incoming)  # noqa: PTH108 - as above


def _create(fs: fsspec.AbstractFileSystem, path: str, content: bytes) -> None:
    try:
        fs.pipe_file(path, content, mode="create")
    except FileExistsError:
        raise LakeConflictError(_conflict(path)) from None


def _conflict(path: str) -> str:
    return f"{path} exists: another run is reading this stream. Wait for it, then run again."


def _sequence(path: str) -> int:
    match = _LOAD_NAME.search(path)
    return int(match.group(1)) if match else 0


def _row_hashes(table: pa.Table) -> pa.Array:
    """Hash each row's values by name, NULLs left out: a new empty column is not a new version."""
    names = sorted(set(table.column_names) - {RECORD_ID, MODIFIED_AT})
    rows = table.select(names).to_pylist()
    return pa.array([_row_hash(row) for row in rows], pa.string())


def _row_hash(row: Mapping[str, Any]) -> str:
    values = repr([(name, str(value)) for name, value in row.items() if value is not None])
    return hashlib.blake2b(values.encode(), digest_size=12).hexdigest()


def _unknown_versions(table: pa.Table, known: list[dict[str, Any]]) -> pa.Table:
    """Drop rows the lake has.

    A row is dropped when exactly this version is kept and no other version bears the same stamp
    after it: a CRM whose clock stands still (or counts seconds) gives two versions one stamp.
    """
    versions = {(row[RECORD_ID], row[MODIFIED_AT], row["_row_hash"]) for row in known}
    latest = {row[RECORD_ID]: (row[MODIFIED_AT], row["_row_hash"]) for row in known}
    columns = (table.column(name).to_pylist() for name in (RECORD_ID, MODIFIED_AT, "_row_hash"))
    keep = []
    for record_id, stamp, row_hash in zip(*columns, strict=True):
        before = latest.get(record_id)
        is_back = before is not None and before[0] == stamp and before[1] != row_hash
        keep.append(is_back or (record_id, stamp, row_hash) not in versions)
        if keep[-1]:
            versions.add((record_id, stamp, row_hash))
            latest[record_id] = max(before or (stamp, row_hash), (stamp, row_hash), key=_stamp_of)
    return table.filter(pa.array(keep, pa.bool_()))


def _stamp_of(version: tuple[datetime, str]) -> datetime:
    return version[0]


def _stamp(table: pa.Table, load_id: int, extracted_at: datetime) -> pa.Table:
    """Add the load's columns; RECORD_COLUMNS stay in front."""
    rows = table.num_rows
    stamp_type = pa.timestamp("us", tz="UTC")
    columns = {
        "_load_id": pa.array([load_id] * rows, pa.int64()),
        "_extracted_at": pa.array([extracted_at] * rows, stamp_type),
    }
    for name, values in columns.items():
        table = table.append_column(name, values)
    return table


def empty_table(columns: Mapping[str, pa.DataType]) -> pa.Table:
    """Return a table without rows: RECORD_COLUMNS, then the given columns."""
    types = {
        RECORD_ID: pa.string(),
        MODIFIED_AT: pa.timestamp("us", tz="UTC"),
        IS_DELETED: pa.bool_(),
    }
    fields = [(name, types[name]) for name in RECORD_COLUMNS] + list(columns.items())
    return pa.schema(fields).empty_table()
