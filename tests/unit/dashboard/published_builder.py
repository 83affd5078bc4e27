"""Publishes small tables of realistic shape: nine stages, three detours, twelve months."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.published import BESIDE_SNAPSHOTS
from dashboard.rows import PersonScore, StageStock, Standing, SyncPlan, VelocityMonth
from dashboard.velocity import months_until

AS_OF = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

STAGES = [
    ("awareness", "Awareness", "attract", 0, 12.0),
    ("friend", "Friend", "attract", 412, 21.0),
    ("name", "Name", "attract", 1830, 34.0),
    ("engaged", "Engaged", "engage", 640, 18.0),
    ("target", "Target", "engage", 221, 11.0),
    ("lead", "Lead", "engage", 137, 6.0),
    ("sales_lead", "Sales Lead", "close", 84, 14.0),
    ("opportunity", "Opportunity", "close", 46, 48.0),
    ("customer", "Customer", "close", 178, 0.0),
]
"""Key, label, phase, people now, usual days until the next stage."""
DETOURS = [("recycled", "Recycled", 95), ("lost", "Lost", 0), ("disqualified", "Disqualified", 310)]


def stock(key: str, rank: int, people: int, phase: str = "attract") -> StageStock:
    """One row of stage_stocks, labelled by its key; the phase `detour` lies beside the path."""
    path_type = "detour" if phase == "detour" else "success"
    return StageStock(key, key.replace("_", " ").title(), rank, phase, path_type, people)


def month(
    period: date, ranks: tuple[int, int], n: int, days: float | None = 10.0, n_open: int = 0
) -> VelocityMonth:
    """One row of velocity_monthly between two of the nine stages (ranks from 1)."""
    (from_key, from_label, *_), (to_key, to_label, *_) = (STAGES[rank - 1] for rank in ranks)
    median = None if days is None else days / 2
    return VelocityMonth(
        period, from_key, from_label, ranks[0], to_key, to_label, ranks[1], n, days, median, n_open
    )


def plan(
    plan_id: int,
    crm: str,
    object_name: str,
    status: str = "applied",
    outcome: tuple[int | None, int | None, int | None] = (None, None, None),
) -> SyncPlan:
    """One row of plans: 122 of 4,000 records to write; outcome is written, rejected, deferred."""
    counts = (4000, 122, 3870, 5, 3)
    return SyncPlan(plan_id, crm, object_name, AS_OF.isoformat(), status, *counts, *outcome)


def usual_stocks() -> list[StageStock]:
    """People in each of the nine stages and three detours."""
    path = [
        StageStock(key, label, rank, phase, "success", people)
        for rank, (key, label, phase, people, _) in enumerate(STAGES, start=1)
    ]
    beside = [
        StageStock(key, label, rank, "Detour", "detour", people)
        for rank, (key, label, people) in enumerate(DETOURS, start=len(STAGES) + 1)
    ]
    return path + beside


def usual_velocity() -> list[VelocityMonth]:
    """Twelve months of moves to the next stage, a skip, and a seldom step back."""
    dice = random.Random(7)
    rows = []
    for at, period in enumerate(months_until(AS_OF.date(), 12)):
        for rank in range(2, 9):
            days = STAGES[rank - 1][4] * dice.uniform(0.8, 1.25) * (1 + at / 40)
            n = dice.randint(1, 12) + 60 // rank
            rows.append(month(period, (rank, rank + 1), n, round(days, 2), STAGES[rank - 1][3]))
        rows.append(month(period, (3, 6), dice.randint(2, 9), 9.5 + at, 1830))
    return [*rows, month(date(2026, 6, 1), (6, 4), 2, 30.0, 137)]


def usual_people(count: int = 60) -> tuple[list[PersonScore], list[Standing]]:
    """Scores falling from person to person, and where each of them stands."""
    scores, standings = [], []
    for at in range(count):
        fit, behaviour = Decimal(40 - at % 7), Decimal(60 - at)
        person_id = f"p_{at:04d}"
        scores.append(PersonScore(person_id, fit + behaviour, fit, behaviour, Decimal(0)))
        standings.append(Standing(person_id, STAGES[8 - at % 9][1], float(at % 30)))
    return scores, standings


def usual_tables() -> dict[str, Sequence[Any]]:
    """Every table the page reads."""
    scores, standings = usual_people()
    synced = [
        plan(1, "salesforce", "leads", outcome=(120, 2, 0)),
        plan(2, "hubspot", "contacts", status="waiting"),
    ]
    return {
        "marts.stage_stocks": usual_stocks(),
        "marts.velocity_monthly": usual_velocity(),
        "marts.person_scores": scores,
        "marts.person_lifecycles": standings,
        "state.plans": synced,
    }


ROW_TYPES = {
    "marts.stage_stocks": StageStock,
    "marts.velocity_monthly": VelocityMonth,
    "marts.person_scores": PersonScore,
    "marts.person_lifecycles": Standing,
    "state.plans": SyncPlan,
}
ARROW_TYPES = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
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
