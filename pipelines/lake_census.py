"""How many records of a stream live, and which: told in bounded memory, however many there are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import pyarrow as pa

from connectors.records import (
    ARROW_TYPES,
    IS_DELETED,
    MODIFIED_AT,
    RECORD_COLUMNS,
    RECORD_ID,
    Field,
)
from pipelines.arrow_sql import Session
from pipelines.field_hashes import FIELDS_HASH, fields_hash, numbered
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

MADE_AT = "_made_at"
"""The earliest stamp of a record's versions.

Of what bears no stamp but that of its making, such as a line of history, it is this one: tombstones
and what lives again bear later ones.
"""
_MADE = f"min({MODIFIED_AT}) over (partition by {RECORD_ID}) as {MADE_AT}"

Span = tuple[datetime, datetime]
"""The first and the last stamp (UTC)."""

OpenLoads = Callable[[], Iterable[LoadFile]]
"""Opens a stream's loads, newest first."""


def count_living(session: Session, loads: OpenLoads, span: Span | None) -> int:
    """Return how many records, of those made in a span, have a latest version not deleted."""
    _gather(session, loads, _KEY_SCHEMA, None)
    found = session.query(
        f"""
        with latest as (select {IS_DELETED}, {_MADE} from versions qualify {_IS_LATEST})
        select count(*) as living from latest where not {IS_DELETED} and {made_in(span)}
        """  # noqa: S608 - column names of ours
    )
    return int(found["living"][0].as_py())


def made_in(span: Span | None) -> str:
    """Return the condition that a record was made in a span; without one, any was."""
    if span is None:
        return "true"
    first, last = (f"timestamptz '{moment.isoformat()}'" for moment in span)
    return f"{MADE_AT} between {first} and {last}"


def list_living(session: Session, loads: OpenLoads) -> Iterator[list[str]]:
    """Yield the ids of the records that live, in order, PORTION at a time.

    They are those of the beginning, whatever is kept while they are listed.
    """
    _gather(session, loads, _KEY_SCHEMA, None)
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


def gather_known(session: Session, loads: OpenLoads, fields: Sequence[Field]) -> None:
    """Fill the session's table `known`: of each record its latest version, deleted ones too.

    It has RECORD_COLUMNS, FIELDS_HASH and MADE_AT. A field that no load has is NULL; a column has
    the type that it has in the newest load, and older values that are not of it are NULL, too.
    """
    schema = _schema_of(loads(), fields) if fields else _KEY_SCHEMA
    _gather(session, loads, schema, fields)
    named = ", ".join((*RECORD_COLUMNS, FIELDS_HASH, _MADE))
    session.query(
        f"create temp table {KNOWN} as select {named} from versions qualify {_IS_LATEST}"  # noqa: S608 - ours
    )
    session.query("drop table versions")


def _gather(
    session: Session, loads: OpenLoads, schema: pa.Schema, fields: Sequence[Field] | None
) -> None:
    """Fill the table `versions` with all rows of all loads: keys, and the hash of the fields.

    The fields themselves are let go of: many of them would take more blocks than memory has. None
    instead of fields keeps no hash.
    """
    kept, named = list(_KEY_SCHEMA.names), fields or ()
    if fields is not None:
        kept.append(f"{fields_hash(fields, schema.names)} as {FIELDS_HASH}")
    rows = f"select {', '.join(kept)} from rows"  # noqa: S608 - names of ours
    session.query(
        f"create temp table versions as {rows}", rows=numbered(named, schema.empty_table())
    )
    for part in in_parts(_portions(loads(), schema), schema):
        session.query(f"insert into versions {rows}", rows=numbered(named, part))
        del part  # Else it is held until the next is whole: 14 MB of 60 texts (2026-11-22).


def _portions(loads: Iterable[LoadFile], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the rows of loads, with those columns of the schema that they have."""
    types = dict(zip(schema.names, schema.types, strict=True))
    for load in loads:
        held = set(load.schema.names)
        for portion in load.portions(name for name in schema.names if name in held):
            yield typed_as(types, portion)


def _schema_of(loads: Iterable[LoadFile], fields: Sequence[Field]) -> pa.Schema:
    found = {field.name: field for field in _KEY_SCHEMA}
    for load in loads:
        held = set(load.schema.names)
        for name in [field.name for field in fields if field.name in held]:
            found.setdefault(name, load.schema.field(name))
    return pa.schema(found.values())
