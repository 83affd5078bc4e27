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
    100,000 rows of 30 columns take 0.08 s (2026-11-22), a digest in Python for each row 4.6 s.
    """
    names = sorted(set(table.column_names) - {RECORD_ID, MODIFIED_AT})
    expressions = (f"hash({_quoted(name)})" for name in names)
    hashed = query(f"select {', '.join(expressions)} from incoming", incoming=table)  # noqa: S608
    nothing = pa.scalar(0, pa.uint64())
    total = pa.repeat(nothing, table.num_rows)
    for name, hashes in zip(names, hashed.columns, strict=True):
        weighted = pc.multiply(hashes, _weight(name))
        total = pc.bit_wise_xor(total, pc.if_else(table.column(name).is_valid(), weighted, nothing))
    return pc.cast(total, pa.int64(), safe=False)


@cache
def _weight(name: str) -> pa.Scalar:
    digest = blake2b(name.encode(), digest_size=8).digest()
    return pa.scalar(int.from_bytes(digest) | 1, pa.uint64())


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
