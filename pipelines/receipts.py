"""Receipts flow back into the lake, so that models know our own writes."""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import IS_DELETED, MODIFIED_AT, RECORD_ID, Cursor
from pipelines.lake import Lake, empty_table
from pipelines.lake_writer import Load
from pipelines.sync.engine import utc_now
from pipelines.sync.recovery import take_back
from pipelines.sync.store import StateStore
from pipelines.sync.values import to_text

CRM, STREAM = "leadcycle", "receipts"
_TYPES = {
    "receipt_id": pa.int64(),
    "plan_id": pa.int64(),
    "crm": pa.string(),
    "object_name": pa.string(),
    "record_id": pa.string(),
    "field_name": pa.string(),
    "value": pa.string(),
    "state": pa.string(),
    "code": pa.string(),
    "as_of": pa.timestamp("us", tz="UTC"),
}


def append_receipts(store: StateStore, lake: Lake) -> Load | None:
    """Keep receipts the lake lacks. The cursor's `record_id` is the last receipt's number."""
    cursor = lake.cursor(CRM, STREAM)
    last = int(cursor.record_id) if cursor else 0
    rows = store.receipts_after(last)
    if not rows:
        return None if cursor else lake.append(CRM, STREAM, empty_table(_TYPES), _START, utc_now())
    columns: dict[str, list[object]] = {name: [row[name] for row in rows] for name in _TYPES}
    columns["as_of"] = [datetime.fromisoformat(row["as_of"]) for row in rows]
    columns |= {
        RECORD_ID: [str(row["receipt_id"]) for row in rows],
        MODIFIED_AT: columns["as_of"],
        IS_DELETED: [False] * len(rows),
    }
    schema = empty_table(_TYPES).schema
    table = pa.Table.from_pydict(columns, schema=schema)
    after = Cursor(datetime.fromisoformat(rows[-1]["as_of"]), str(rows[-1]["receipt_id"]))
    return lake.append(CRM, STREAM, table, after, utc_now())


def take_back_receipts(store: StateStore, lake: Lake) -> int:
    """Take back receipts that the lake has and the store lacks; return how many.

    Before anything is numbered, written or read: see `pipelines.sync.recovery`.
    """
    cursor = lake.cursor(CRM, STREAM)
    known = store.last_receipt()
    if cursor is None or int(cursor.record_id) <= known:
        return 0
    loads = [lake.read(path, _TYPES) for path in lake.paths(CRM, STREAM)]
    rows = pa.concat_tables(loads).filter(pc.field("receipt_id") > known).sort_by("receipt_id")
    texts = rows.set_column(
        rows.column_names.index("as_of"),
        "as_of",
        pa.array([to_text(at) for at in rows["as_of"].to_pylist()], pa.string()),
    )
    return take_back(store.engine, texts.to_pylist())


_START = Cursor(datetime.fromisoformat("1970-01-01T00:00:00+00:00"), "0")
