"""What a row says, as one number: two versions of a record with one number say the same."""

from functools import cache
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import MODIFIED_AT, RECORD_ID
from pipelines.arrow_sql import query

ROW_HASH = "_row_hash"
"""Column of a load: 64 bits, signed, as Spark has no unsigned type."""


def row_hashes(table: pa.Table) -> pa.ChunkedArray:
    """Return a number for each row (int64): of its values by column name, NULLs left out.

    So neither a new column without values nor the columns' order makes a new version. Who the
    record is and when it was modified are not part of it. Each column's hash is multiplied by an
    odd number of its own: a value that moves to another column, or two that change places, count.

    The numbers are DuckDB's, which a later release of it may make differently. Then the rows of
    the next look-back are kept once more, and base takes the same values from the newer load.
    200,000 rows of 50 columns take 0.25 s of CPU, 100,000 of 30 take 0.08 s (2026-11-22); a digest
    in Python for each of the latter takes 4.6 s.
    """
    names = _telling(table)
    nothing, one = pa.scalar(0, pa.uint64()), pa.scalar(1, pa.uint64())
    total = pa.repeat(nothing, table.num_rows)
    if not names:
        return pa.chunked_array([pc.cast(total, pa.int64())])
    # Not each column by its name: DuckDB would read fifty expressions longer than the values.
    hashed = query("select hash(columns(*)) from incoming", incoming=table.select(names))
    for name, hashes in zip(names, hashed.columns, strict=True):
        # DuckDB's hash of 0 and of false is 0, which would be no value at all.
        weighted = pc.multiply(pc.add(hashes, one), _weight(name))
        if table.column(name).null_count:
            weighted = pc.if_else(table.column(name).is_valid(), weighted, nothing)
        total = pc.bit_wise_xor(total, weighted)
    return pc.cast(total, pa.int64(), safe=False)


def _telling(table: pa.Table) -> list[str]:
    """Return the columns that are part of the number, without those that have no value at all."""
    names = set(table.column_names) - {RECORD_ID, MODIFIED_AT}
    return sorted(name for name in names if table.column(name).null_count < table.num_rows)


@cache
def _weight(name: str) -> pa.Scalar:
    digest = blake2b(name.encode(), digest_size=8).digest()
    return pa.scalar(int.from_bytes(digest) | 1, pa.uint64())
