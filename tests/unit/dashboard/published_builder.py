"""Publishes rows as a pipeline run does: Parquet files, then `CURRENT.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.published import BESIDE_SNAPSHOTS
from dashboard.rows import (
    Opportunity,
    PersonScore,
    StageStock,
    Standing,
    SyncPlan,
    UnmappedValue,
    VelocityMonth,
)
from tests.unit.dashboard.usual_tables import AS_OF, SetAside, Stint, usual_tables

ROW_TYPES = {
    "marts.stage_stocks": StageStock,
    "marts.stage_stints": Stint,
    "marts.velocity_monthly": VelocityMonth,
    "marts.opportunities": Opportunity,
    "marts.person_scores": PersonScore,
    "marts.person_lifecycles": Standing,
    "marts.set_aside": SetAside,
    "marts.unmapped_values": UnmappedValue,
    "state.plans": SyncPlan,
}
ARROW_TYPES = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
    Decimal: pa.decimal128(18, 2),
}


def schema_of(row_type: type) -> pa.Schema:
    """The columns of a row type, as the warehouse types them; `X | None` is X."""
    hints = get_type_hints(row_type).items()
    return pa.schema([(name, ARROW_TYPES[(get_args(kind) or (kind,))[0]]) for name, kind in hints])


def publish(
    folder: Path, tables: Mapping[str, Sequence[Any]] | None = None, snapshot: str = "000012"
) -> Path:
    """Write tables (the usual ones by default) as a publish does, CURRENT.json last."""
    files: dict[str, str] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in (usual_tables() if tables is None else tables).items():
        files[table] = (
            BESIDE_SNAPSHOTS.get(table) or f"{snapshot}/{table.replace('.', '__')}.parquet"
        )
        (folder / files[table]).parent.mkdir(parents=True, exist_ok=True)
        columns = pa.Table.from_pylist([asdict(row) for row in rows], schema_of(ROW_TYPES[table]))
        pq.write_table(columns, folder / files[table])
    named = {table: path for table, path in files.items() if table not in BESIDE_SNAPSHOTS}
    pointer = {"snapshot": snapshot, "as_of": f"{AS_OF:%Y-%m-%dT%H:%M:%SZ}", "tables": named}
    (folder / "next.json").write_text(json.dumps(pointer))
    (folder / "next.json").replace(folder / "CURRENT.json")
    return folder
