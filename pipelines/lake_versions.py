"""Which of the rows read are news: a decision over tables in memory, nothing is read here."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import MODIFIED_AT, RECORD_ID
from pipelines.arrow_sql import query
from pipelines.row_hashes import ROW_HASH

KEY_COLUMNS = (RECORD_ID, MODIFIED_AT, ROW_HASH)
SAME_VERSION = (RECORD_ID, MODIFIED_AT)
"""What names a version: rows that agree in it, and not in ROW_HASH, have the record changed while
the CRM's clock stood still (or counted seconds). The later one is the truth."""
SAME_RECORD = (RECORD_ID,)
"""What names a state: the stamp is only when it was found."""


def new_rows(table: pa.Table, known: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return, for each name, the row read last, if it says something else than what is kept.

    Args:
        table: Rows as read, with ROW_HASH.
        known: KEY_COLUMNS of the rows kept that may bear these names; the latest kept come last.
        names: SAME_VERSION or SAME_RECORD.
    """
    if not known.num_rows and _are_distinct(table.column(RECORD_ID)):
        return table
    name = ", ".join(names)
    news = query(
        f"""
        with kept as (
            select {name}, arg_max({ROW_HASH}, place) as kept_hash from known group by all
        ),
        latest as (
            select {name}, arg_max({ROW_HASH}, place) as read_hash, max(place) as place
            from incoming group by all
        )
        select place from latest left join kept using ({name})
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
