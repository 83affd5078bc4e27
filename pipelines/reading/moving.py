"""A reading that moves on: the same answer again and again is an error, never an endless loop."""

from collections.abc import Iterator

import pyarrow as pa

from connectors.errors import UnreadableAnswerError
from connectors.records import MODIFIED_AT, RECORD_ID, Batch, Cursor, Stream

STANDSTILL = 5
"""Batches in a row. A reader that mends itself, with a new job for one that was lost, may give a
portion twice or thrice."""


def moving(batches: Iterator[Batch], stream: Stream) -> Iterator[Batch]:
    """Yield batches as long as one now and then brings other rows or another cursor.

    Raises:
        UnreadableAnswerError: the same rows came again and again, and the cursor did not move.
    """
    last: tuple[Cursor | None, pa.Table] | None = None
    repeated = 0
    for batch in batches:
        came = (batch.cursor, _versions(batch.tables[stream.name]))
        is_same = last is not None and bool(came[1].num_rows) and _is_same(last, came)
        repeated = repeated + 1 if is_same else 0
        if repeated == STANDSTILL:
            what = "the same records came again and again, and the reading did not move on"
            step = "run again; if it stays so, tell us the stream and the time"
            raise UnreadableAnswerError(stream.crm, stream.name, what, step)
        last = came
        yield batch


def _is_same(one: tuple[Cursor | None, pa.Table], other: tuple[Cursor | None, pa.Table]) -> bool:
    return one[0] == other[0] and one[1].equals(other[1])


def _versions(table: pa.Table) -> pa.Table:
    return table.select([RECORD_ID, MODIFIED_AT])
