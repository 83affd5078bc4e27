"""A lake of as many people as wanted, written straight into it: what extraction would have kept.

For each person, on average: 5 changes of a stage field, 20 activities, 1.3 records; of a hundred,
five are in an opportunity; of ten, three are in both CRMs, tied there by an address, an id, an
additional address, a mobile number, a chat id, or the number of their desk with their name.
Everything follows from the person's number (`bench/people/*.sql`, a query for each stream), so that
the same numbers always give the same lake.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.hubspot.streams import STREAMS as HUBSPOT
from connectors.records import (
    ARROW_TYPES,
    IS_DELETED,
    MODIFIED_AT,
    RECORD_ID,
    Cursor,
    FieldType,
)
from connectors.salesforce.streams import STREAMS as SALESFORCE
from pipelines.lake import Lake

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
"""Nothing in the lake is later, until there are news."""
_QUERIES = Path(__file__).parent / "people"
_MACROS = "macros.sql"
_BLOCK = 50_000
"""People whose rows make one load of each stream."""


def fill_lake(folder: Path, people: int) -> None:
    """Write the lake of so many people; each stream has a load for every 50,000 of them."""
    lake = Lake(str(folder))
    for name, fields in _fields().items():
        _keep(lake, name, _shaped(pa.table({}), fields), AS_OF)
    for first in range(0, people, _BLOCK):
        _write(lake, f"range({first}, {min(first + _BLOCK, people)})", None)


def change_lake(folder: Path, people: int, every: int, news: datetime) -> None:
    """Add one load for each stream: news at an instant (UTC) of every n-th person."""
    _write(Lake(str(folder)), f"range(0, {people}, {every})", news)


def _write(lake: Lake, numbers: str, news: datetime | None) -> None:
    fields = _fields()
    instant = f"timestamptz '{news.isoformat()}'" if news else "null::timestamptz"
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute("set TimeZone = 'UTC'")
        db.execute(f"create macro news() as {instant}")
        db.execute(f"create table people as select range as p from {numbers}")
        db.execute((_QUERIES / _MACROS).read_text("utf-8"))
        for file in sorted(_QUERIES.glob("*__*.sql")):
            found = db.sql(file.read_text("utf-8")).to_arrow_table()
            if found.num_rows:
                _keep(lake, file.stem, _shaped(found, fields[file.stem]), news or AS_OF)


def _keep(lake: Lake, name: str, rows: pa.Table, at: datetime) -> None:
    crm, stream = name.split("__")
    lake.append(crm, stream, rows, Cursor(at), at, look="none")


def _shaped(found: pa.Table, fields: Mapping[str, FieldType]) -> pa.Table:
    """Return the rows with every column of the stream; what was not said is NULL."""
    told = found
    if IS_DELETED not in found.column_names:
        told = found.append_column(IS_DELETED, pa.repeat(pa.scalar(False), found.num_rows))
    types = {
        RECORD_ID: pa.string(),
        MODIFIED_AT: ARROW_TYPES["datetime"],
        IS_DELETED: pa.bool_(),
        **{name: ARROW_TYPES[kind] for name, kind in fields.items()},
    }
    empty = {name: pa.nulls(told.num_rows, kind) for name, kind in types.items()}
    columns = {name: told.column(name).cast(types[name]) for name in told.column_names}
    return pa.table({name: columns.get(name, empty[name]) for name in types})


def _fields() -> dict[str, Mapping[str, FieldType]]:
    """Return the fields of every stream and of its details, by `<crm>__<name>`."""
    found: dict[str, Mapping[str, FieldType]] = {}
    for stream in (*SALESFORCE, *HUBSPOT):
        found[f"{stream.crm}__{stream.name}"] = stream.required_fields
        for name, fields in stream.details.items():
            found[f"{stream.crm}__{name}"] = {field.name: field.type for field in fields}
    return found
