"""The last state of each record of a stream: what a row without a stamp is compared with."""

from collections.abc import Iterable, Mapping
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID
from pipelines.arrow_sql import query
from pipelines.lake_reading import LOAD_ID, VERSION_COLUMNS, Latest, in_parts
from pipelines.load_files import LoadFile
from pipelines.row_hashes import ROW_HASH

_STAMP = ARROW_TYPES["datetime"]
_SCHEMA = pa.schema(
    zip(VERSION_COLUMNS, (pa.string(), _STAMP, pa.int64(), pa.int64()), strict=True)
)
_NUMBER = f"hash({RECORD_ID})"
"""A record's id as 64 bits. Two that share a number are compared with one another, and differ."""
_OTHER_STATES = f"""
with read as (
    select {RECORD_ID}, {_NUMBER} as number, max(place) as place,
        arg_max({ROW_HASH}, place) as read_hash, arg_max(is_blank, place) as is_blank
    from incoming group by {RECORD_ID}
),
kept as (
    select {RECORD_ID} as number, {MODIFIED_AT} as kept_at, {ROW_HASH} as kept_hash
    from known semi join read on known.{RECORD_ID} = read.number
    qualify row_number() over (
        partition by {RECORD_ID} order by {MODIFIED_AT} desc, {LOAD_ID} desc, {ROW_HASH} desc
    ) = 1
)
select place, kept_at from read left join kept using (number)
where read_hash is distinct from kept_hash and (kept_hash is not null or not is_blank)
order by place
"""  # noqa: S608 - column names of ours
"""A record's last state is the one that base takes, by the same order."""


class LastStates:
    """The last states that a stream's loads hold, for the length of a run: 32 bytes each.

    Loads are read once, not once for each batch: a record that none of them has is told from the
    others without a look at any file.
    """

    def __init__(self, loads: Iterable[LoadFile]) -> None:
        self._latest = Latest()
        for table in in_parts((load.read(VERSION_COLUMNS, {}) for load in loads), _SCHEMA):
            self.add(table)

    def add(self, table: pa.Table) -> None:
        """Take rows of a load, with the lake's own columns."""
        numbered = f"select {_NUMBER} as {RECORD_ID}, {MODIFIED_AT}, {LOAD_ID}, {ROW_HASH}"
        self._latest.add(query(f"{numbered} from rows", rows=table.select(VERSION_COLUMNS)))

    def news(self, table: pa.Table, blank: Mapping[str, str]) -> pa.Table:
        """Return, for each record, the row read last, if it is another state than the last kept.

        A state found later is never stamped before the one that it replaces: the clock of an
        answer may have been ahead.

        Args:
            table: Rows as read, with ROW_HASH.
            blank: Values, by column, that say no more than no row at all: such a row is news only
                where it replaces another.
        """
        rows = table.select([RECORD_ID, ROW_HASH]).append_column("is_blank", _is(blank, table))
        rows = rows.append_column("place", pa.arange(0, table.num_rows))
        news = query(_OTHER_STATES, known=self._latest.held, incoming=rows)
        fresh = table.take(news["place"])
        return _stamped_after(pc.cast(news["kept_at"], _STAMP), fresh)


def _is(blank: Mapping[str, str], table: pa.Table) -> pa.ChunkedArray | pa.Array:
    """Tell of each row whether it is such a state, and no removal."""
    if not blank:
        return pa.repeat(pa.scalar(False), table.num_rows)
    same = (pc.fill_null(pc.equal(table[name], value), False) for name, value in blank.items())
    return reduce(pc.and_, same, pc.invert(table[IS_DELETED]))


def _stamped_after(kept: pa.ChunkedArray, table: pa.Table) -> pa.Table:
    """Return the rows with at least these stamps, where there are any."""
    read = table[MODIFIED_AT]
    stamps = pc.if_else(pc.fill_null(pc.greater(kept, read), False), kept, read)
    return table.set_column(table.column_names.index(MODIFIED_AT), MODIFIED_AT, stamps)
