"""One load as a Parquet file: how it is written, what its footer says, how it is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.records import MODIFIED_AT, RECORD_COLUMNS, RECORD_ID, Cursor

Bounds = Mapping[str, tuple[Any, Any]]
"""The least and the greatest value sought, by column; None where there is no such end."""

ROW_GROUP_ROWS, PORTION_ROWS = 50_000, 5_000
PAGE_BYTES = 64 * 2**10
"""Of a column, at most, before it is compressed: who reads in portions holds a page of each column.

Loads of 20,000 rows of 60 texts took 67 MB to read by 5,000 rows where pages were of 1 MB, which is
pyarrow's (26) own choice, and 18 MB with these. Loads have the same bytes, and take 7 % more time
to write (2026-11-22).
"""
FORMAT = 2
"""Of loads. Those of format 1 bear no number: their row hashes are texts, and no `newest`."""
_FORMAT, _CURSOR = b"leadcycle.format", b"leadcycle.cursor"
_EPOCH, _NEWEST = b"leadcycle.epoch", b"leadcycle.newest"
_SAMPLE_ROWS, _FEW_VALUES = 250, 100


class OldLoadError(Exception):
    """A load of another version of Leadcycle, which this one can't go on from."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was written by another version of Leadcycle, and this one can't go on from it."
            " Move the home's folder `lake` and its `warehouse.duckdb` aside, then run again:"
            " both CRMs are read anew."
        )


@dataclass(frozen=True)
class Footer:
    """What a load says beside its rows."""

    cursor: Cursor | None = None
    """What stands after it; None for a stream that has none."""
    epoch: int = 0
    """Of the run that wrote it; 0 for one that claimed nothing."""
    newest: datetime | None = None
    """The greatest `_modified_at` (UTC) of this load and of all before it; None without rows.

    Who seeks versions from a stamp on, newest load first, is done at the first older `newest`.
    """

    def to_metadata(self) -> dict[bytes, bytes]:
        """Return it as a Parquet file keeps it."""
        kept = {_FORMAT: str(FORMAT).encode(), _EPOCH: str(self.epoch).encode()}
        if self.cursor is not None:
            kept[_CURSOR] = self.cursor.to_json().encode()
        if self.newest is not None:
            kept[_NEWEST] = self.newest.isoformat().encode()
        return kept

    @staticmethod
    def from_metadata(kept: Mapping[bytes, bytes]) -> "Footer":
        """Read what `to_metadata` returned."""
        cursor, newest = kept.get(_CURSOR), kept.get(_NEWEST)
        return Footer(
            Cursor.from_json(cursor.decode()) if cursor else None,
            int(kept.get(_EPOCH, b"0")),
            datetime.fromisoformat(newest.decode()) if newest else None,
        )


class LoadFile:
    """A committed load, open: its columns and footer are read, its rows when asked for.

    Raises:
        OldLoadError: another version of Leadcycle has written it.
    """

    def __init__(self, path: str, load_id: int, fs: fsspec.AbstractFileSystem) -> None:
        self._parquet = pq.ParquetFile(path, filesystem=fs)
        self.load_id = load_id
        if (self.schema.metadata or {}).get(_FORMAT) != str(FORMAT).encode():
            raise OldLoadError(path)

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns and their types."""
        return self._parquet.schema_arrow

    @cached_property
    def footer(self) -> Footer:
        """What the load says beside its rows."""
        return Footer.from_metadata(self.schema.metadata or {})

    def read(self, columns: Iterable[str], bounds: Bounds) -> pa.Table:
        """Return the columns of those row groups that may hold rows within the bounds."""
        names = list(columns)
        groups = range(self._parquet.num_row_groups)
        met = [group for group in groups if self._meets(group, bounds)]
        if not met:
            return pa.schema([self.schema.field(name) for name in names]).empty_table()
        return self._parquet.read_row_groups(met, columns=names, use_threads=False)

    def portions(self, columns: Iterable[str]) -> Iterator[pa.Table]:
        """Yield the columns of all rows, PORTION_ROWS at a time."""
        names = list(columns)
        for batch in self._parquet.iter_batches(PORTION_ROWS, columns=names, use_threads=False):
            yield pa.Table.from_batches([batch])

    def _meets(self, group: int, bounds: Bounds) -> bool:
        described = self._parquet.metadata.row_group(group)
        for name, (least, greatest) in bounds.items():
            held = described.column(RECORD_COLUMNS.index(name)).statistics
            if held is None or not held.has_min_max:
                continue
            if least is not None and held.max < least:
                return False
            if greatest is not None and held.min > greatest:
                return False
        return True


def write_load(table: pa.Table, sink: Any, footer: Footer) -> None:
    """Write a table, whose columns begin with RECORD_COLUMNS, as a load.

    50,000 rows of 30 columns, microseconds of CPU for each row and bytes (2026-11-22): pyarrow's
    own choice 2.6 and 105; zstd level 3 2.3 and 105; level -5 1.9 and 151; snappy 1.6 and 143;
    pages v2 2.1 and 105; statistics of two columns only 1.9 and 105; without
    dictionaries 1.5 and 85; with both, and dictionaries where values repeat, 1.2 and 84. Whether
    they do is seen by 250 rows: 2,000 took a fifth of the time of writing a load of 9,000. Their
    values told apart by `unique` take half as long as counted by pyarrow's `count_distinct`.
    """
    pq.write_table(
        table.replace_schema_metadata(footer.to_metadata()),
        sink,
        row_group_size=ROW_GROUP_ROWS,
        data_page_size=PAGE_BYTES,
        compression="zstd",
        use_dictionary=_columns_that_repeat(table),
        write_statistics=[RECORD_ID, MODIFIED_AT],
    )


def _columns_that_repeat(table: pa.Table) -> list[str]:
    """Return the columns whose values repeat so often that a dictionary pays."""
    sample = table.slice(0, _SAMPLE_ROWS)
    few = _FEW_VALUES * max(1, sample.num_rows) / _SAMPLE_ROWS
    return [
        name
        for name, column in zip(sample.column_names, sample.columns, strict=True)
        if not pa.types.is_nested(column.type) and len(column.unique()) <= few
    ]
