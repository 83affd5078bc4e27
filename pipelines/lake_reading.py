"""What the lake holds of its records, read from as few columns and files as tell it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import type_column
from connectors.records import (
    ARROW_TYPES,
    MODIFIED_AT,
    RECORD_COLUMNS,
    RECORD_ID,
    FieldType,
)
from pipelines.arrow_sql import query
from pipelines.lake_versions import KEY_COLUMNS
from pipelines.load_files import Bounds, LoadFile
from pipelines.row_hashes import ROW_HASH

LOAD_ID, EXTRACTED_AT = "_load_id", "_extracted_at"
LOAD_COLUMNS = (LOAD_ID, EXTRACTED_AT, ROW_HASH)
_VERSION_COLUMNS = (RECORD_ID, MODIFIED_AT, LOAD_ID, ROW_HASH)
_FOLD_ROWS = 100_000
_KINDS: Mapping[pa.DataType, FieldType] = {kind: name for name, kind in ARROW_TYPES.items()}
_KEY_SCHEMA = pa.schema(
    {RECORD_ID: pa.string(), MODIFIED_AT: ARROW_TYPES["datetime"], ROW_HASH: pa.int64()}
)


def known_versions(loads: Iterable[LoadFile], table: pa.Table) -> pa.Table:
    """Return KEY_COLUMNS of kept rows that the table's may repeat, the latest kept last.

    Loads come newest first: one whose `newest` is before the table's least stamp ends the search.
    """
    ids, least = _distinct_ids(table), pc.min(table.column(MODIFIED_AT)).as_py()
    found = []
    for load in loads:
        if load.footer.newest is not None and load.footer.newest < least:
            break
        keys = load.read(KEY_COLUMNS, {**_bounds(ids), MODIFIED_AT: (least, None)})
        found.append(keys.filter(pc.is_in(keys.column(RECORD_ID), ids)))
    return _oldest_first(found)


def last_states(loads: Iterable[LoadFile], table: pa.Table) -> pa.Table:
    """Return KEY_COLUMNS of the latest states kept of the table's records, the latest last.

    Loads come newest first: the search ends once every record is found.
    """
    left = _distinct_ids(table)
    found = []
    for load in loads:
        if not len(left):
            break
        found.append(_rows_of(load, KEY_COLUMNS, left))
        left = left.filter(pc.invert(pc.is_in(left, found[-1].column(RECORD_ID).combine_chunks())))
    return _oldest_first(found)


def _distinct_ids(table: pa.Table) -> pa.Array:
    return pc.unique(table.column(RECORD_ID))


def _oldest_first(found: list[pa.Table]) -> pa.Table:
    bare = [table.replace_schema_metadata() for table in reversed(found)]
    return pa.concat_tables([_KEY_SCHEMA.empty_table(), *bare])


def current(loads: Iterable[LoadFile], columns: Sequence[str]) -> pa.Table:
    """Return RECORD_COLUMNS and the columns that exist, of each record its latest version.

    Args:
        loads: The stream's loads, newest first: a column has the type that it has in the newest.
        columns: Names; those that no load has are left out.
    """
    wanted = {*RECORD_COLUMNS, *columns, *_VERSION_COLUMNS}
    latest = _Latest()
    for load in loads:
        latest.add(load.read([name for name in load.schema.names if name in wanted], {}))
    return latest.table().select([*RECORD_COLUMNS, *latest.columns(columns)])


def latest_rows(opened: Callable[[], Iterator[LoadFile]], record_ids: Sequence[str]) -> pa.Table:
    """Return the latest versions of these records, with every column that any load has.

    Args:
        opened: Opens the loads one by one, newest first; called twice, for keys and for rows, as
            a file left open for each of thousands of loads would be more than a process may have.
        record_ids: Whose versions; the lake's own columns are left out of them.
    """
    ids = pa.array(record_ids, pa.string())
    keys = _Latest()
    for load in opened():
        keys.add(_rows_of(load, _VERSION_COLUMNS, ids))
    rows, versions = _Latest(), keys.table()
    for load in opened():
        chosen = versions.filter(pc.equal(versions.column(LOAD_ID), load.load_id))
        names, its_ids = load.schema.names, chosen.column(RECORD_ID).combine_chunks()
        rows.add(_rows_of(load, names, its_ids) if len(its_ids) else load.schema.empty_table())
    return rows.table().drop_columns(list(LOAD_COLUMNS))


class _Latest:
    """The latest versions among rows added load by load, the newest load first.

    It holds about three times the records at most, however many versions are added.
    """

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._types: dict[str, pa.DataType] = {}
        self._folded = 0

    def add(self, table: pa.Table) -> None:
        """Take rows that have _VERSION_COLUMNS; a column's type is the one that it had first."""
        for at, field in enumerate(table.schema):
            kind = self._types.setdefault(field.name, field.type)
            if field.type != kind:
                column = retyped(table.column(at), kind)
                table = table.set_column(at, pa.field(field.name, kind), column)
        self._tables.append(table.replace_schema_metadata())
        if sum(held.num_rows for held in self._tables) > 2 * self._folded + _FOLD_ROWS:
            self.table()

    def columns(self, names: Iterable[str]) -> list[str]:
        """Return those of the names that any row has."""
        return [name for name in names if name in self._types]

    def table(self) -> pa.Table:
        """Return the latest versions, by the same order as base."""
        held = pa.concat_tables(self._tables, promote_options="default")
        latest = query(
            f"""
            select place from held
            qualify row_number() over (
                partition by {RECORD_ID}
                order by {MODIFIED_AT} desc, {LOAD_ID} desc, {ROW_HASH} desc
            ) = 1
            order by place
            """,  # noqa: S608 - column names of ours
            held=held.select(_VERSION_COLUMNS).append_column("place", pa.arange(0, held.num_rows)),
        )
        self._tables = [held.take(latest.column("place"))]
        self._folded = latest.num_rows
        return self._tables[0]


def _rows_of(load: LoadFile, columns: Iterable[str], ids: pa.Array) -> pa.Table:
    rows = load.read(columns, _bounds(ids))
    return rows.filter(pc.is_in(rows.column(RECORD_ID), ids))


def _bounds(ids: pa.Array) -> Bounds:
    ends = pc.min_max(ids)
    return {RECORD_ID: (ends["min"].as_py(), ends["max"].as_py())}


def retyped(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray | pa.Array:
    """Return the values as another type; those that are not of it are NULL."""
    try:
        return type_column(_KINDS[kind], pc.cast(column, pa.string()))[0]
    except pa.ArrowNotImplementedError:  # A list has no spelling as text.
        return pa.nulls(len(column), kind)
