"""Builds loads as the extractors commit them: one Parquet file for each load of a stream."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.records import ARROW_TYPES
from tests.dbt.streams import STREAMS

Row = Mapping[str, Any]


def utc(text: str) -> datetime:
    """Read `2026-01-31` or `2026-01-31T09:30:00` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def write_load(path: Path, stream: str, load_id: int, rows: Iterable[Row]) -> None:
    """Write rows as one load; fields that a row does not name are NULL."""
    types = {
        "_record_id": pa.string(),
        "_modified_at": ARROW_TYPES["datetime"],
        "_is_deleted": pa.bool_(),
        **{name: ARROW_TYPES[kind] for name, kind in STREAMS[stream].items()},
        "_load_id": pa.int64(),
        "_extracted_at": ARROW_TYPES["datetime"],
        "_row_hash": pa.string(),
    }
    landed = [_landed(row, load_id) for row in rows]
    extra = sorted({name for row in landed for name in row} - set(types))
    schema = pa.schema([*types.items(), *((name, pa.string()) for name in extra)])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(landed, schema), path)


def _landed(row: Row, load_id: int) -> dict[str, Any]:
    digest = md5(repr(sorted(row.items())).encode(), usedforsecurity=False).hexdigest()
    stamps = {"_load_id": load_id, "_extracted_at": utc("2026-12-31"), "_row_hash": digest}
    return {"_is_deleted": False, **row, **stamps}


@dataclass
class Lake:
    """A folder of loads and the `lake_loads` that names them."""

    folder: Path
    loads: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Give every stream its empty first load."""
        for stream in STREAMS:
            self.add(stream, [])

    def add(self, stream: str, rows: Iterable[Row]) -> None:
        """Commit the next load of a stream."""
        load_id = len(self.loads[stream])
        path = self.folder / stream / f"{load_id:06}.parquet"
        write_load(path, stream, load_id, rows)
        self.loads[stream].append(str(path))

    def add_all(self, rows_by_stream: Mapping[str, list[Row]]) -> None:
        """Commit one load for each stream named."""
        for stream, rows in rows_by_stream.items():
            self.add(stream, rows)
