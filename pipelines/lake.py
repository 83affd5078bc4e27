"""The lake: append-only loads, the only truth.

A load is one Parquet file, `raw/<crm>/<stream>/<sequence>.parquet`, written aside and committed by
a create-if-absent, so that a second writer can never replace it. The cursor that stands after the
load is in the file's footer: rows and cursor commit together or not at all.

A run claims an epoch before it reads a CRM. From then on no older run can commit a load of it: a
process that was thought dead and wakes up is refused.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock

import pyarrow as pa

from connectors.records import (
    ARROW_TYPES,
    IS_DELETED,
    MODIFIED_AT,
    RECORD_COLUMNS,
    RECORD_ID,
    Cursor,
    Field,
)
from pipelines import lake_census, lake_reading
from pipelines.arrow_sql import Session, Spill
from pipelines.lake_census import Span
from pipelines.lake_files import LakeFiles
from pipelines.lake_writer import Load, Look, StreamWriter
from pipelines.load_files import LoadFile


class Lake:
    """Loads under one fsspec address, e.g. a folder or `s3://bucket/lake`.

    Safe to use from several threads. The arguments are those of `LakeFiles`.
    """

    def __init__(
        self, url: str, scratch: Path | None = None, options: Mapping[str, str] | None = None
    ) -> None:
        self._files = LakeFiles(url, scratch, options)
        self._writers: dict[tuple[str, str, int], StreamWriter] = {}
        self._lock = Lock()

    def paths(self, crm: str, stream: str) -> list[str]:
        """Return the stream's committed loads, oldest first."""
        return self._files.loads(crm, stream)

    def on_disk(self, crm: str, stream: str) -> list[str]:
        """Return the stream's loads as files of this machine, oldest first: for DuckDB and dbt."""
        return self._files.on_disk(crm, stream)

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

    def has_rows(self, crm: str, stream: str) -> bool:
        """Tell whether any load of the stream holds a row."""
        last = self._last(crm, stream)
        return last is not None and last.footer.newest is not None

    def has_row(self, crm: str, stream: str, prefix: str = "", suffix: str = "") -> bool:
        """Tell whether a load has a row whose id begins and ends so."""
        return any(
            lake_reading.has_row(load, prefix, suffix)
            for load in self._files.newest_first(self.paths(crm, stream))
        )

    def claim(self, crm: str) -> int:
        """Return the epoch of a run that is about to read a CRM: it fences off all older ones."""
        return self._files.claim(crm)

    def newest_epoch(self, crm: str) -> int:
        """Return the epoch of the run that claimed the CRM last, 0 before the first."""
        return self._files.newest_epoch(crm)

    def prove(self) -> None:
        """Prove that the lake's place takes what is new and keeps what is there.

        Raises:
            LakePlaceError: it does not, or can't be reached.
        """
        self._files.prove()

    def identity(self) -> str:
        """Return what tells this lake from any other; the first who asks makes it."""
        return self._files.identity()

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
        blank: Mapping[str, str] | None = None,
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
            blank: Values, by column, of a state that says no more than no row at all: it is kept
                only where it replaces another.
            epoch: Of the run, by `claim`; 0 for a writer that no run can overtake. With it, the
                load must follow the last that this lake has seen: two runs never take turns.

        Returns:
            The load, or None where there was nothing to keep (no row, no new column): the cursor
            stays where it was.

        Raises:
            FencedError: a newer run has claimed the CRM; nothing is kept.
            LakeConflictError: another writer took the sequence number; nothing is kept.
        """
        return self.writer(crm, stream, epoch).append(table, cursor, extracted_at, look, blank)

    def current(self, crm: str, stream: str, columns: Sequence[str] = ()) -> pa.Table:
        """Return the latest version of each record: RECORD_COLUMNS and the columns that exist.

        The latest is the one that base takes, deleted ones too. Memory grows with the records
        and columns, not with the versions.
        """
        paths = self.paths(crm, stream)
        if not paths:
            return empty_table({})
        return lake_reading.current(self._files.newest_first(paths), columns)

    def latest_rows(
        self, crm: str, stream: str, record_ids: Sequence[str], without: Collection[str] = ()
    ) -> pa.Table:
        """Return the latest versions of these records whole; those it has never seen are left out.

        A column has its newest type: older values that are not of it are NULL.

        Args:
            crm: The CRM.
            stream: The stream.
            record_ids: Whose versions.
            without: Paths of loads that are not to be looked at.
        """
        paths = [path for path in self.paths(crm, stream) if path not in without]
        if not paths:
            return empty_table({})
        return lake_reading.latest_rows(self._files.newest_first(paths), record_ids)

    def standing(self, crm: str, stream: str, record_ids: pa.Array) -> pa.Table:
        """Return RECORD_COLUMNS of the latest versions of these records, deleted ones too.

        Memory grows with the records asked for, not with the lake.
        """
        paths = self.paths(crm, stream)
        if not paths:
            return empty_table({})
        return lake_reading.standing(self._files.newest_first(paths), record_ids)

    def read(self, path: str, columns: Collection[str]) -> pa.Table:
        """Return those of the columns that a committed load has, of all its rows."""
        load = self._files.open(path)
        return load.read([name for name in load.schema.names if name in columns], {})

    def living(self, crm: str, stream: str, span: Span | None = None) -> int:
        """Return how many records' latest versions are not deleted, in bounded memory.

        Args:
            crm: The CRM.
            stream: The stream.
            span: Where given, when those that count were made, the first and the last (UTC).
        """
        with self._spill.session() as session:
            return lake_census.count_living(session, self._opener(crm, stream), span)

    def living_ids(self, crm: str, stream: str) -> Iterator[list[str]]:
        """Yield the ids of the records that live now, in order and in portions of 10,000.

        Memory is bounded; what is kept meanwhile changes nothing.
        """
        with self._spill.session() as session:
            yield from lake_census.list_living(session, self._opener(crm, stream))

    @contextmanager
    def known(self, crm: str, stream: str, fields: Sequence[Field] = ()) -> Iterator[Session]:
        """Open a session whose table `known` has what `current` returns, in bounded memory.

        Of the fields it has a hash, by `fields_hash`, and when each record was made: MADE_AT.
        """
        with self._spill.session() as session:
            lake_census.gather_known(session, self._opener(crm, stream), fields)
            yield session

    @cached_property
    def _spill(self) -> Spill:
        return Spill(self._files.spill_folder())

    def _opener(self, crm: str, stream: str) -> lake_census.OpenLoads:
        paths = self.paths(crm, stream)
        return lambda: self._files.newest_first(paths)

    def _last(self, crm: str, stream: str) -> LoadFile | None:
        paths = self.paths(crm, stream)
        return self._files.open(paths[-1]) if paths else None


def empty_table(columns: Mapping[str, pa.DataType]) -> pa.Table:
    """Return a table without rows: RECORD_COLUMNS, then the given columns."""
    types = {
        RECORD_ID: pa.string(),
        MODIFIED_AT: ARROW_TYPES["datetime"],
        IS_DELETED: pa.bool_(),
    }
    fields = [(name, types[name]) for name in RECORD_COLUMNS] + list(columns.items())
    return pa.schema(fields).empty_table()
