"""Which of the rows read are news: a decision over tables in memory, nothing is read here."""

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import MODIFIED_AT, RECORD_ID
from pipelines.arrow_sql import query
from pipelines.row_hashes import ROW_HASH

KEY_COLUMNS = (RECORD_ID, MODIFIED_AT, ROW_HASH)
_SAME_VERSION = f"{RECORD_ID}, {MODIFIED_AT}"
"""What names a version: rows that agree in it, and not in ROW_HASH, have the record changed while
the CRM's clock stood still (or counted seconds). The later one is the truth."""


def new_rows(table: pa.Table, known: pa.Table) -> pa.Table:
    """Return, for each version, the row read last, if it says something else than what is kept.

    Args:
        table: Rows as read, with ROW_HASH.
        known: KEY_COLUMNS of the rows kept that may be the same versions; the latest come last.
    """
    if not known.num_rows and _are_distinct(table.column(RECORD_ID)):
        return table
    news = query(
        f"""
        with kept as (
            select {_SAME_VERSION}, arg_max({ROW_HASH}, place) as kept_hash from known group by all
        ),
        latest as (
            select {_SAME_VERSION}, arg_max({ROW_HASH}, place) as read_hash, max(place) as place
            from incoming group by all
        )
        select place from latest left join kept using ({_SAME_VERSION})
        where read_hash is distinct from kept_hash
        order by place
        """,  # noqa: S608 - column names of ours
        known=_placed(known),
        incoming=_placed(table),
    )
    return table if news.num_rows == table.num_rows else table.take(news.column("place"))


def _placed(table: pa.Table) -> pa.Table:
    return table.select(KEY_COLUMNS).append_column("place", pa.arange(0, table.num_rows))


def _are_distinct(ids: pa.ChunkedArray) -> bool:
    return bool(pc.count_distinct(ids).as_py() == len(ids))
