"""The lake: append-only loads, the only truth.

A load is one Parquet file, `raw/<crm>/<stream>/<sequence>.parquet`, written aside and committed by
a create-if-absent, so that a second writer can never replace it. The cursor that stands after the
load is in the file's footer: rows and cursor commit together or not at all.

A run claims an epoch before it reads a CRM. From then on no older run can commit a load of it: a
process that was thought dead and wakes up is refused.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import (
    ARROW_TYPES,
    IS_DELETED,
    MODIFIED_AT,
    RECORD_COLUMNS,
    RECORD_ID,
    Cursor,
)
from pipelines import commit_points, lake_reading
from pipelines.commit_points import CommitPoint
from pipelines.lake_files import LakeFiles, number_of
from pipelines.lake_reading import EXTRACTED_AT, LOAD_ID
from pipelines.lake_versions import SAME_RECORD, SAME_VERSION, new_rows
from pipelines.load_files import Footer, LoadFile
from pipelines.row_hashes import ROW_HASH, row_hashes

Look = Literal["versions", "states", "none"]
"""What rows read are compared with before they are kept: the versions that bear the same stamp,
the record's last state (rows that no CRM has stamped), or nothing (a first read)."""


class LakeConflictError(Exception):
    """Another run committed this load first: wait for it to end, then run again."""


class FencedError(LakeConflictError):
    """A newer run reads this CRM: this one has ended, and what it committed stands."""


@dataclass(frozen=True)
class Load:
    """One committed load."""

    load_id: int
    path: str
    rows: int


class StreamWriter:
    """Appends one stream's loads for one run: each is the next after those that it has seen."""

    def __init__(self, files: LakeFiles, crm: str, stream: str, epoch: int) -> None:
        self._files = files
        self._crm = crm
        self._stream = stream
        self._epoch = epoch
        self._lock = Lock()
        self._paths = files.loads(crm, stream)
        last = files.open(self._paths[-1]) if self._paths else None
        self._columns = set(last.schema.names) if last else set()
        self._footer = last.footer if last else Footer()

    @property
    def cursor(self) -> Cursor | None:
        """What stands after the last load, None before the first."""
        return self._footer.cursor

    def append(
        self, table: pa.Table, cursor: Cursor | None, extracted_at: datetime, look: Look
    ) -> Load | None:
        """Keep the rows that are news, as `Lake.append` does."""
        with self._lock:
            if not table.num_rows and not self._must_show(table, cursor):
                return None
            hashed = table.append_column(ROW_HASH, row_hashes(table))
            fresh = self._news(hashed, look)
            if not fresh.num_rows and not self._must_show(table, cursor):
                return None
            commit_points.passing(CommitPoint.ROWS_CHOSEN)
            return self._commit(fresh, cursor, extracted_at)

    def _must_show(self, table: pa.Table, cursor: Cursor | None) -> bool:
        """Tell whether there is something to keep though no row is new.

        A new field must show even before a record has a value in it, and a first read that ends on
        an empty page must be known to have ended.
        """
        last = self._footer.cursor
        ends = cursor is not None and last is not None and last.resume_after != cursor.resume_after
        return not self._paths or ends or not set(table.column_names) <= self._columns

    def _news(self, table: pa.Table, look: Look) -> pa.Table:
        if look == "none" or not table.num_rows:
            return table
        loads = self._files.newest_first(self._paths)
        if look == "states":
            return new_rows(table, lake_reading.last_states(loads, table), SAME_RECORD)
        return new_rows(table, lake_reading.known_versions(loads, table), SAME_VERSION)

    def _commit(self, fresh: pa.Table, cursor: Cursor | None, extracted_at: datetime) -> Load:
        load_id = number_of(self._paths[-1]) + 1 if self._paths else 1
        path = self._files.load_path(self._crm, self._stream, load_id)
        table = _stamped(fresh, load_id, extracted_at)
        footer = Footer(cursor or self._footer.cursor, self._epoch, self._newest_with(fresh))
        try:
            self._files.commit(self._crm, path, table, footer, self._check_epoch)
        except FileExistsError:
            self._check_epoch()
            raise LakeConflictError(
                f"{path} exists: another run is reading this stream. Wait for it, then run again."
            ) from None
        self._paths.append(path)
        self._columns, self._footer = set(table.column_names), footer
        return Load(load_id, path, table.num_rows)

    def _newest_with(self, fresh: pa.Table) -> datetime | None:
        stamps = (self._footer.newest, pc.max(fresh.column(MODIFIED_AT)).as_py())
        return max((stamp for stamp in stamps if stamp is not None), default=None)

    def _check_epoch(self) -> None:
        if self._epoch and self._files.newest_epoch(self._crm) > self._epoch:
            raise FencedError(
                f"a newer run reads {self._crm} and has fenced this one off: what was committed"
                " stands. Wait for the newer run, then run again."
            )


class Lake:
    """Loads under one fsspec address, e.g. a folder or `s3://bucket/lake`.

    Safe to use from several threads.
    """

    def __init__(self, url: str) -> None:
        self._files = LakeFiles(url)
        self._writers: dict[tuple[str, str, int], StreamWriter] = {}
        self._lock = Lock()

    def paths(self, crm: str, stream: str) -> list[str]:
        """Return the stream's committed loads, oldest first."""
        return self._files.loads(crm, stream)

    def streams(self, crm: str) -> list[str]:
        """Return the names of the CRM's streams that were ever read, in order."""
        return self._files.streams(crm)

    def cursor(self, crm: str, stream: str) -> Cursor | None:
        """Return the cursor that stands after the stream's last load, None before the first."""
        last = self._last(crm, stream)
        return last.footer.cursor if last else None

    def columns(self, crm: str, stream: str) -> set[str]:
        """Return the column names of the stream's last load; none before the first."""
        last = self._last(crm, stream)
        return set(last.schema.names) if last else set()

    def claim(self, crm: str) -> int:
        """Return the epoch of a run that is about to read a CRM: it fences off all older ones."""
        return self._files.claim(crm)

    def writer(self, crm: str, stream: str, epoch: int) -> StreamWriter:
        """Return the stream's writer for the run of this epoch, always the same one.

        Who asks for it before reading the cursor learns of any load that comes between. With the
        epoch 0 it is a new writer each time, which sees the loads that there are then.
        """
        if not epoch:
            return StreamWriter(self._files, crm, stream, epoch)
        with self._lock:
            key = (crm, stream, epoch)
            if key not in self._writers:
                self._writers[key] = StreamWriter(self._files, *key)
            return self._writers[key]

    def append(
        self,
        crm: str,
        stream: str,
        table: pa.Table,
        cursor: Cursor | None,
        extracted_at: datetime,
        *,
        look: Look = "versions",
        epoch: int = 0,
    ) -> Load | None:
        """Keep the rows that are news as the stream's next load.

        Args:
            crm: CRM name, the first folder.
            stream: Stream name, the second folder.
            table: Columns begin with RECORD_COLUMNS.
            cursor: What stands once the rows are kept; None leaves the cursor where it is.
            extracted_at: When the rows were read, UTC.
            look: What the rows are compared with.
            epoch: Of the run, by `claim`; 0 for a writer that no run can overtake. With it, the
                load must follow the last that this lake has seen: two runs never take turns.

        Returns:
            The load, or None where there was nothing to keep (no row, no new column): the cursor
            stays where it was.

        Raises:
            FencedError: a newer run has claimed the CRM; nothing is kept.
            LakeConflictError: another writer took the sequence number; nothing is kept.
        """
        return self.writer(crm, stream, epoch).append(table, cursor, extracted_at, look)

    def current(self, crm: str, stream: str, columns: Sequence[str] = ()) -> pa.Table:
        """Return the latest version of each record: RECORD_COLUMNS and the columns that exist.

        The latest is the one that base takes, deleted ones too. Memory grows with the records
        and columns, not with the versions.
        """
        paths = self.paths(crm, stream)
        if not paths:
            return empty_table({})
        return lake_reading.current(self._files.newest_first(paths), columns)

    def latest_rows(self, crm: str, stream: str, record_ids: Sequence[str]) -> pa.Table:
        """Return the latest versions of these records whole; those it has never seen are left out.

        A column has its newest type: older values that are not of it are NULL.
        """
        paths = self.paths(crm, stream)
        if not paths:
            return empty_table({})
        return lake_reading.latest_rows(lambda: self._files.newest_first(paths), record_ids)

    def read(self, path: str, columns: Collection[str]) -> pa.Table:
        """Return those of the columns that a committed load has, of all its rows."""
        load = self._files.open(path)
        return load.read([name for name in load.schema.names if name in columns], {})

    def living(self, crm: str, stream: str) -> int:
        """Return how many records' latest versions are not deleted."""
        return int(pc.sum(pc.invert(self.current(crm, stream).column(IS_DELETED))).as_py() or 0)

    def _last(self, crm: str, stream: str) -> LoadFile | None:
        paths = self.paths(crm, stream)
        return self._files.open(paths[-1]) if paths else None


def _stamped(table: pa.Table, load_id: int, extracted_at: datetime) -> pa.Table:
    """Add the load's columns; RECORD_COLUMNS stay in front."""
    stamp = pa.scalar(extracted_at, ARROW_TYPES["datetime"])
    columns = {LOAD_ID: pa.scalar(load_id, pa.int64()), EXTRACTED_AT: stamp}
    for name, value in columns.items():
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    return table


def empty_table(columns: Mapping[str, pa.DataType]) -> pa.Table:
    """Return a table without rows: RECORD_COLUMNS, then the given columns."""
    types = {
        RECORD_ID: pa.string(),
        MODIFIED_AT: ARROW_TYPES["datetime"],
        IS_DELETED: pa.bool_(),
    }
    fields = [(name, types[name]) for name in RECORD_COLUMNS] + list(columns.items())
    return pa.schema(fields).empty_table()
