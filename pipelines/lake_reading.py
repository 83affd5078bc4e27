"""What the lake holds of its records, read from as few columns and files as tell it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
VERSION_COLUMNS = (RECORD_ID, MODIFIED_AT, LOAD_ID, ROW_HASH)
FOLD_ROWS, PART_BYTES = 100_000, 8 * 2**20
_SPARE_ROWS = 10_000
"""Whole rows that may be held beyond the records asked for: they are wide."""
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
    wanted = {*RECORD_COLUMNS, *columns, *VERSION_COLUMNS}
    latest = Latest()
    for load in loads:
        latest.add(load.read([name for name in load.schema.names if name in wanted], {}))
    return latest.table().select([*RECORD_COLUMNS, *latest.columns(columns)])


def standing(loads: Iterable[LoadFile], record_ids: pa.Array) -> pa.Table:
    """Return RECORD_COLUMNS of the latest versions of these records, whatever the lake's size."""
    latest = Latest(spare_rows=_SPARE_ROWS)
    for load in loads:
        latest.add(_rows_of(load, (*RECORD_COLUMNS, LOAD_ID, ROW_HASH), record_ids))
    return latest.table().select(list(RECORD_COLUMNS))


def latest_rows(loads: Iterable[LoadFile], record_ids: Sequence[str]) -> pa.Table:
    """Return the latest versions of these records, with every column that any load has.

    Args:
        loads: The stream's loads, newest first; each is looked at once, and its other columns are
            read only where it holds one of the records.
        record_ids: Whose versions; the lake's own columns are left out of them.
    """
    ids, latest = pa.array(record_ids, pa.string()), Latest(spare_rows=_SPARE_ROWS)
    for load in loads:
        latest.note(load.schema)
        its_ids = _distinct_ids(_rows_of(load, (RECORD_ID,), ids))
        if len(its_ids):
            latest.add(_rows_of(load, load.schema.names, its_ids))
    return latest.table().drop_columns(list(LOAD_COLUMNS))


def has_row(load: LoadFile, prefix: str, suffix: str) -> bool:
    """Tell whether a load has a row whose id begins and ends so."""
    ids = load.read((RECORD_ID,), {}).column(RECORD_ID)
    found = pc.and_(pc.starts_with(ids, prefix), pc.ends_with(ids, suffix))
    return bool(pc.any(found).as_py())


class Latest:
    """The latest versions among rows added load by load, the newest load first.

    It holds about three times the records at most, however many versions are added.

    Args:
        spare_rows: How many rows beyond that it may hold before it lets go of older versions.
    """

    def __init__(self, spare_rows: int | None = None) -> None:
        self._tables: list[pa.Table] = []
        self._types: dict[str, pa.DataType] = {}
        self._spare = FOLD_ROWS if spare_rows is None else spare_rows
        self._rows = self._folded = 0

    def note(self, schema: pa.Schema) -> None:
        """Take columns without rows; a column's type is the one that it had first."""
        for field in schema:
            self._types.setdefault(field.name, field.type)

    def add(self, table: pa.Table) -> None:
        """Take rows that have VERSION_COLUMNS."""
        self.note(table.schema)
        self._tables.append(typed_as(self._types, table))
        self._rows += table.num_rows
        if self._rows > 2 * self._folded + self._spare:
            self.table()

    def columns(self, names: Iterable[str]) -> list[str]:
        """Return those of the names that any row has."""
        return [name for name in names if name in self._types]

    @property
    def held(self) -> pa.Table:
        """What is held now: the latest versions, and some that are older."""
        known = pa.schema(self._types.items()).empty_table()
        return pa.concat_tables([known, *self._tables], promote_options="default")

    def table(self) -> pa.Table:
        """Return the latest versions, by the same order as base."""
        held = self.held
        latest = query(
            f"""
            select place from held
            qualify row_number() over (
                partition by {RECORD_ID}
                order by {MODIFIED_AT} desc, {LOAD_ID} desc, {ROW_HASH} desc
            ) = 1
            order by place
            """,  # noqa: S608 - column names of ours
            held=held.select(VERSION_COLUMNS).append_column("place", pa.arange(0, held.num_rows)),
        )
        self._tables = [held.take(latest.column("place"))]
        self._rows = self._folded = latest.num_rows
        return self._tables[0]


def _rows_of(load: LoadFile, columns: Iterable[str], ids: pa.Array) -> pa.Table:
    rows = load.read(columns, _bounds(ids))
    return rows.filter(pc.is_in(rows.column(RECORD_ID), ids))


def _bounds(ids: pa.Array) -> Bounds:
    ends = pc.min_max(ids)
    return {RECORD_ID: (ends["min"].as_py(), ends["max"].as_py())}


def typed_as(types: Mapping[str, pa.DataType], table: pa.Table) -> pa.Table:
    """Return a table of a load, its columns of these types."""
    for at, field in enumerate(table.schema):
        kind = types[field.name]
        if field.type != kind:
            column = retyped(table.column(at), kind)
            table = table.set_column(at, pa.field(field.name, kind), column)
    return table.replace_schema_metadata()


def in_parts(tables: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the tables put together to parts: a query for each of thousands would cost a second.

    Columns of the schema that a table lacks are NULL. A part ends with the table that fills it: it
    has few rows where these are wide.
    """
    part, rows, size = [schema.empty_table()], 0, 0
    for table in tables:
        part.append(table.replace_schema_metadata())
        rows, size = rows + table.num_rows, size + table.nbytes
        del table
        if rows >= FOLD_ROWS or size >= PART_BYTES:
            yield pa.concat_tables(part, promote_options="default")
            part, rows, size = [schema.empty_table()], 0, 0
    yield pa.concat_tables(part, promote_options="default")


def retyped(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray | pa.Array:
    """Return the values as another type; those that are not of it are NULL."""
    try:
        return type_column(_KINDS[kind], pc.cast(column, pa.string()))[0]
    except pa.ArrowNotImplementedError:  # A list has no spelling as text.
        return pa.nulls(len(column), kind)
