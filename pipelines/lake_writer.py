"""One stream's loads for one run: which of the rows read are news, and how they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import ARROW_TYPES, MODIFIED_AT, Cursor
from pipelines import commit_points
from pipelines.commit_points import CommitPoint
from pipelines.lake_files import LakeFiles, number_of
from pipelines.lake_reading import EXTRACTED_AT, LOAD_ID, known_versions
from pipelines.lake_states import LastStates
from pipelines.lake_versions import new_rows
from pipelines.load_files import Footer
from pipelines.row_hashes import ROW_HASH, row_hashes

Look = Literal["versions", "states", "none"]
"""What rows read are compared with before they are kept: the versions that bear the same stamp,
the record's last state (rows that no CRM has stamped), or nothing (a first read)."""


class LakeConflictError(Exception):
    """Another run committed this load first: wait for it to end, then run again."""


class FencedError(LakeConflictError):
    """A newer run reads this CRM: this one has ended, and what it committed stands."""


def fenced_off(crm: str) -> FencedError:
    """Return the error of a run that a newer one has overtaken."""
    return FencedError(
        f"a newer run reads {crm} and has fenced this one off: what was committed stands."
        " Wait for the newer run, then run again."
    )


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
        self._states: LastStates | None = None
        """Read when they are first needed; kept up to date from then on."""

    @property
    def cursor(self) -> Cursor | None:
        """What stands after the last load, None before the first."""
        return self._footer.cursor

    def append(
        self,
        table: pa.Table,
        cursor: Cursor | None,
        extracted_at: datetime,
        look: Look,
        blank: Mapping[str, str] | None = None,
    ) -> Load | None:
        """Keep the rows that are news, as `Lake.append` does."""
        with self._lock:
            if not table.num_rows and not self._must_show(table, cursor):
                return None
            hashed = table.append_column(ROW_HASH, row_hashes(table))
            fresh = self._news(hashed, look, blank or {})
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

    def _news(self, table: pa.Table, look: Look, blank: Mapping[str, str]) -> pa.Table:
        if look == "none" or not table.num_rows:
            return table
        if look == "states":
            return self._last_states().news(table, blank)
        return new_rows(table, known_versions(self._files.newest_first(self._paths), table))

    def _last_states(self) -> LastStates:
        if self._states is None:
            has_rows = self._footer.newest is not None
            self._states = LastStates(self._files.newest_first(self._paths) if has_rows else ())
        return self._states

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
        if self._states is not None:
            self._states.add(table)
        return Load(load_id, path, table.num_rows)

    def _newest_with(self, fresh: pa.Table) -> datetime | None:
        stamps = (self._footer.newest, pc.max(fresh.column(MODIFIED_AT)).as_py())
        return max((stamp for stamp in stamps if stamp is not None), default=None)

    def _check_epoch(self) -> None:
        if self._epoch and self._files.newest_epoch(self._crm) > self._epoch:
            raise fenced_off(self._crm)


def _stamped(table: pa.Table, load_id: int, extracted_at: datetime) -> pa.Table:
    """Add the load's columns; RECORD_COLUMNS stay in front."""
    stamp = pa.scalar(extracted_at, ARROW_TYPES["datetime"])
    columns = {LOAD_ID: pa.scalar(load_id, pa.int64()), EXTRACTED_AT: stamp}
    for name, value in columns.items():
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    return table
