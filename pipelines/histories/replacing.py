"""A source anew: what its files no longer say goes from the lake's current state."""

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import IS_DELETED, RECORD_ID
from pipelines.histories.errors import HistoryFileError
from pipelines.histories.streams import STREAMS, SYSTEM, schema_of
from pipelines.lake import Lake
from pipelines.sync.engine import utc_now


class Said:
    """The keys of all rows that an import's files hold, by stream."""

    def __init__(self) -> None:
        self._keys: dict[str, list[pa.Array]] = defaultdict(list)

    def add(self, stream: str, keys: pa.ChunkedArray) -> None:
        """Add the keys of a file's rows."""
        self._keys[stream].extend(keys.cast(pa.string()).chunks)

    def of(self, stream: str) -> pa.ChunkedArray:
        """Return the keys that were added."""
        return pa.chunked_array(self._keys[stream], pa.string())


def forget_others(lake: Lake, source: str, said: Said) -> int:
    """Delete what the lake has of a source beside what was said; return how many events, records.

    Earlier loads stay as they are: the deletions are rows of the next.

    Raises:
        HistoryFileError: no event was said; files that nobody can read would leave nothing.
    """
    if not len(said.of("events")):
        raise HistoryFileError(
            f"nothing of source {source!r} was replaced: no row of its history can be used. Look at"
            " how its times and columns are told"
        )
    return sum(
        _forget(lake, stream, source, said.of(stream)) * (stream != "unusable_rows")
        for stream in STREAMS
    )


def _forget(lake: Lake, stream: str, source: str, said: pa.ChunkedArray) -> int:
    schema, rows = schema_of(stream), standing(lake, stream)
    is_of_source = pc.and_(pc.invert(rows[IS_DELETED]), pc.equal(rows["source"], source))
    rows = rows.filter(is_of_source)
    others = rows.filter(pc.invert(pc.is_in(rows[RECORD_ID], said)))
    lake.append(SYSTEM, stream, deleted(others, schema), None, utc_now(), look="states")
    return int(others.num_rows)


def standing(lake: Lake, stream: str) -> pa.Table:
    """Return a stream's rows as they stand; fields that no load has yet are NULL."""
    schema = schema_of(stream)
    rows = lake.current(SYSTEM, stream, schema.names[3:])
    for name in schema.names:
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, schema.field(name).type))
    return rows


def deleted(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return rows of a stream as deleted now."""
    told = {name: rows.column(name) for name in schema.names}
    told[schema.names[1]] = pa.repeat(pa.scalar(utc_now(), schema.field(1).type), rows.num_rows)
    told[IS_DELETED] = pa.repeat(pa.scalar(True), rows.num_rows)
    return pa.table(list(told.values()), schema.names).cast(schema)
