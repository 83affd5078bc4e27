"""Records of a CRM into typed Arrow tables, column by column."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID, Field, Value
from connectors.values import parse

UNREADABLE = "_unreadable"
"""Last column of every table: JSON of field -> reason for values that did not parse, else null."""


@dataclass(frozen=True)
class Row:
    """One version of one record, its values as the CRM sent them."""

    record_id: str
    modified_at: datetime
    """UTC."""
    is_deleted: bool
    values: Mapping[str, object]


def build_table(fields: Sequence[Field], rows: Sequence[Row]) -> pa.Table:
    """Return RECORD_COLUMNS, one typed column for each field, and UNREADABLE.

    A value that is not of its field's type becomes NULL and is named in UNREADABLE: a bad value
    never costs its row. The reason holds no part of the value.
    """
    faults: dict[int, dict[str, str]] = {}
    columns: dict[str, pa.Array] = {
        RECORD_ID: pa.array([row.record_id for row in rows], pa.string()),
        MODIFIED_AT: pa.array([row.modified_at for row in rows], ARROW_TYPES["datetime"]),
        IS_DELETED: pa.array([row.is_deleted for row in rows], pa.bool_()),
    }
    for field in fields:
        values = _read_column(field, rows, faults)
        columns[field.name] = pa.array(values, ARROW_TYPES[field.type])
    reasons = [json.dumps(faults[at]) if at in faults else None for at in range(len(rows))]
    return pa.table({**columns, UNREADABLE: pa.array(reasons, pa.string())})


def _read_column(
    field: Field, rows: Sequence[Row], faults: dict[int, dict[str, str]]
) -> list[Value]:
    values: list[Value] = []
    for at, row in enumerate(rows):
        try:
            values.append(parse(field.type, row.values.get(field.name)))
        except ValueError as fault:
            faults.setdefault(at, {})[field.name] = str(fault)
            values.append(None)
    return values
