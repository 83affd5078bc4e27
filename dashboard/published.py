"""What the pipeline has published: one snapshot, resolved once a page run.

A publish writes new files and then replaces `CURRENT.json` in one step. A page that resolves
`CURRENT.json` once and reads only the files it names therefore never mixes two publishes.

    PublishedError
    ├── NothingPublishedError      no CURRENT.json yet: wait for the first run
    ├── BrokenPointerError         CURRENT.json is not what a publish writes: publish again
    ├── TableNotPublishedError     this snapshot does not have the table
    └── UnreadableTableError       the table's file is missing, damaged, or lacks columns
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import AwareDatetime, BaseModel, ValidationError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)

POINTER = "CURRENT.json"
BESIDE_SNAPSHOTS = {
    f"state.{name}": f"state/{name}.parquet" for name in ("plans", "left_alone", "pauses")
}
"""Files that are replaced as syncs go, whichever snapshot is current."""


class PublishedError(Exception):
    """Published tables cannot be read; the message says so to the reader of the page."""


class NothingPublishedError(PublishedError):
    """Nothing is published yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Nothing is published in `{folder}` yet. This page fills by itself after the first"
            " run of the pipeline whose checks pass. If you publish elsewhere, set"
            " `LEADCYCLE_PUBLISHED` to that folder."
        )


class BrokenPointerError(PublishedError):
    """`CURRENT.json` is not what a publish writes."""

    def __init__(self, pointer: Path) -> None:
        super().__init__(f"`{pointer}` cannot be understood. Publish again to replace it.")


class TableNotPublishedError(PublishedError):
    """The snapshot does not have the table."""

    def __init__(self, table: str, snapshot: str) -> None:
        super().__init__(f"Snapshot {snapshot} has no table `{table}`.")


class UnreadableTableError(PublishedError):
    """The table's file is missing, damaged, or lacks columns."""

    def __init__(self, table: str, snapshot: str, reason: str) -> None:
        super().__init__(
            f"Table `{table}` of snapshot {snapshot} cannot be read: {reason}."
            " Publish again, or look at the last publishing run in Dagster."
        )


class _Pointer(BaseModel):
    snapshot: str
    as_of: AwareDatetime
    tables: dict[str, str]


@dataclass(frozen=True)
class Snapshot:
    """One publish: its name, the CRM's time it speaks for (UTC), and a file per table."""

    name: str
    as_of: datetime
    files: Mapping[str, Path]


def version_of(folder: Path) -> tuple[tuple[int, int] | None, ...]:
    """Return what differs once anything new is published: each file's inode and time."""
    return tuple(_file_version(folder / name) for name in (POINTER, *BESIDE_SNAPSHOTS.values()))


def _file_version(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def open_snapshot(folder: Path) -> Snapshot:
    """Resolve the current snapshot; read everything for one page run from what it returns.

    Raises:
        NothingPublishedError: there is no `CURRENT.json`.
        BrokenPointerError: it is there, but not as a publish writes it.
    """
    try:
        pointer = _Pointer.model_validate_json((folder / POINTER).read_bytes())
    except FileNotFoundError as error:
        raise NothingPublishedError(folder) from error
    except ValidationError as error:
        raise BrokenPointerError(folder / POINTER) from error
    beside = {name: path for name, path in BESIDE_SNAPSHOTS.items() if (folder / path).exists()}
    files = {table: folder / path for table, path in (beside | pointer.tables).items()}
    return Snapshot(pointer.snapshot, pointer.as_of.astimezone(UTC), files)


def read_rows(snapshot: Snapshot, table: str, row_type: "type[Row]") -> "list[Row]":
    """Read a table as rows of a dataclass whose fields are the columns wanted.

    Raises:
        TableNotPublishedError: the snapshot does not have the table.
        UnreadableTableError: its file is missing, damaged, or lacks one of the columns.
    """
    return _rows(_read(snapshot, table, _names(row_type)), row_type)


def read_top_rows(
    snapshot: Snapshot, table: str, row_type: "type[Row]", *, by: str, then: str, count: int
) -> "list[Row]":
    """Read the rows with the greatest `by` (ties in the order of `then`), greatest first.

    Only these rows leave Arrow, so that a table of millions of people stays cheap.
    Raises as `read_rows` does.
    """
    columns = _read(snapshot, table, _names(row_type))
    keys = [(by, "descending"), (then, "ascending")]
    return _rows(columns.take(pc.select_k_unstable(columns, k=count, sort_keys=keys)), row_type)


def read_rows_of(
    snapshot: Snapshot, table: str, row_type: "type[Row]", column: str, values: Sequence[str]
) -> "list[Row]":
    """Read the rows whose `column` is one of `values`. Raises as `read_rows` does."""
    columns = _read(snapshot, table, _names(row_type))
    wanted = pc.is_in(columns[column], value_set=pa.array(values, pa.string()))
    return _rows(columns.filter(wanted), row_type)


def read_counts(snapshot: Snapshot, table: str, row_type: "type[Row]") -> "list[Row]":
    """Count the rows that are alike in all fields of a dataclass but `n`, which is the count.

    Only the counts leave Arrow, so that a table of millions of rows stays cheap.
    Raises as `read_rows` does.
    """
    alike = [name for name in _names(row_type) if name != "n"]
    groups = _read(snapshot, table, alike).group_by(alike).aggregate([([], "count_all")])
    return _rows(groups.rename_columns([*alike, "n"]), row_type)


def _names(row_type: "type[Row]") -> list[str]:
    return [field.name for field in fields(row_type)]


def _rows(columns: pa.Table, row_type: "type[Row]") -> "list[Row]":
    return [row_type(**row) for row in columns.to_pylist()]


def _read(snapshot: Snapshot, table: str, wanted: list[str]) -> pa.Table:
    if table not in snapshot.files:
        raise TableNotPublishedError(table, snapshot.name)
    try:
        with pq.ParquetFile(snapshot.files[table]) as file:
            lacking = [name for name in wanted if name not in file.schema_arrow.names]
            if lacking:
                reason = f"it has no column {', '.join(lacking)}"
                raise UnreadableTableError(table, snapshot.name, reason)
            return file.read(columns=wanted)
    except FileNotFoundError as error:
        raise UnreadableTableError(table, snapshot.name, "its file is missing") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableTableError(table, snapshot.name, "its file is damaged") from error
