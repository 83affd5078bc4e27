"""Stories of the tests of models, put into a lake as extraction would have kept them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID, Cursor
from pipelines.lake import Lake
from tests.dbt.crm import Crms
from tests.dbt.streams import STREAMS

Story = Callable[[Crms], None]


def tell_lake(folder: Path, at: datetime, *stories: Story) -> None:
    """Add a load to each stream that the stories tell of, read at an instant (UTC)."""
    crms = Crms()
    for tell in stories:
        tell(crms)
    for name, rows in crms.rows.items():
        if rows:
            crm, stream = name.split("__")
            Lake(str(folder)).append(crm, stream, _table(name, rows), Cursor(at), at, look="none")


def _table(name: str, rows: list[Mapping[str, Any]]) -> pa.Table:
    types = {
        RECORD_ID: pa.string(),
        MODIFIED_AT: ARROW_TYPES["datetime"],
        IS_DELETED: pa.bool_(),
        **{field: ARROW_TYPES[kind] for field, kind in STREAMS[name].items()},
    }
    extra = sorted({field for row in rows for field in row} - set(types))
    schema = pa.schema([*types.items(), *((field, pa.string()) for field in extra)])
    return pa.Table.from_pylist([{IS_DELETED: False, **row} for row in rows], schema)
