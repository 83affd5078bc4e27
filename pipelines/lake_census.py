"""How many records of a stream live, and which: told in bounded memory, however many there are."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow as pa

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_COLUMNS, RECORD_ID
from pipelines.arrow_sql import Session
from pipelines.lake_reading import LOAD_ID, VERSION_COLUMNS, in_parts, typed_as
from pipelines.load_files import LoadFile
from pipelines.row_hashes import ROW_HASH

KNOWN = "known"
"""The table of latest versions."""
PORTION = 10_000
"""Ids that are listed at a time."""
_KEYS = (*VERSION_COLUMNS, IS_DELETED)
_KEY_SCHEMA = pa.schema(
    {
        RECORD_ID: pa.string(),
        MODIFIED_AT: ARROW_TYPES["datetime"],
        IS_DELETED: pa.bool_(),
        LOAD_ID: pa.int64(),
        ROW_HASH: pa.int64(),
    }
)
_IS_LATEST = f"""
row_number() over (
    partition by {RECORD_ID} order by {MODIFIED_AT} desc, {LOAD_ID} desc, {ROW_HASH} desc
) = 1
"""
"""By the same order as base."""

OpenLoads = Callable[[], Iterable[LoadFile]]
"""Opens a stream's loads, newest first."""


def count_living(session: Session, loads: OpenLoads) -> int:
    """Return how many records' latest versions are not deleted."""
    _gather(session, loads, _KEY_SCHEMA)
    found = session.query(
        f"""
        with latest as (select {IS_DELETED} from versions qualify {_IS_LATEST})
        select count(*) as living from latest where not {IS_DELETED}
        """  # noqa: S608 - column names of ours
    )
    return int(found["living"][0].as_py())


def list_living(session: Session, loads: OpenLoads) -> Iterator[list[str]]:
    """Yield the ids of the records that live, in order, PORTION at a time.

    They are those of the beginning, whatever is kept while they are listed.
    """
    _gather(session, loads, _KEY_SCHEMA)
    session.query(
        f"""
        create temp table living as
        select {RECORD_ID} from versions qualify {_IS_LATEST} and not {IS_DELETED} order by 1
        """  # noqa: S608 - column names of ours
    )
    session.query("drop table versions")
    at = 0
    while True:
        sought = f"rowid >= {at} and rowid < {at + PORTION}"
        found = session.query(f"select {RECORD_ID} from living where {sought}")  # noqa: S608 - ours
        if not found.num_rows:
            return
        yield found[RECORD_ID].to_pylist()
        at += PORTION


def gather_known(session: Session, loads: OpenLoads, columns: Sequence[str]) -> None:
    """Fill the session's table `known`: of each record its latest version, deleted ones too.

    It has RECORD_COLUMNS and those of the columns that any load has. A column has the type that it
    has in the newest load; older values that are not of it are NULL.
    """
    schema = _schema_of(loads(), columns) if columns else _KEY_SCHEMA
    _gather(session, loads, schema)
    own = [name for name in schema.names if name not in VERSION_COLUMNS]
    named = ", ".join(_quoted(name) for name in dict.fromkeys((*RECORD_COLUMNS, *own)))
    session.query(
        f"create temp table {KNOWN} as select {named} from versions qualify {_IS_LATEST}"  # noqa: S608 - quoted
    )
    session.query("drop table versions")


def _gather(session: Session, loads: OpenLoads, schema: pa.Schema) -> None:
    """Fill the table `versions` with all rows of all loads."""
    session.query("create temp table versions as select * from rows", rows=schema.empty_table())
    types = dict(zip(schema.names, schema.types, strict=True))
    tables = (
        load.read([name for name in schema.names if name in load.schema.names], {})
        for load in loads()
    )
    for part in in_parts((typed_as(types, table) for table in tables), schema):
        session.query("insert into versions select * from rows", rows=part)


def _schema_of(loads: Iterable[LoadFile], columns: Sequence[str]) -> pa.Schema:
    found = {field.name: field for field in _KEY_SCHEMA}
    for load in loads:
        for name in columns:
            if name in load.schema.names:
                found.setdefault(name, load.schema.field(name))
    return pa.schema(found.values())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
