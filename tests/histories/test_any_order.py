"""Random histories: however their rows arrive, how often and in how many files, stays are the same.

Each example goes through the importer, the lake and the models' own SQL as dbt compiled it, without
dbt's seconds for each.
"""

import os
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.histories.files import FileForm
from pipelines.histories.importing import begin, import_events
from pipelines.histories.streams import STREAMS, SYSTEM
from pipelines.lake import Lake
from tests.histories.conftest import Home

SOAK = os.environ.get("LEADCYCLE_SOAK") == "1"
FEW = settings(
    max_examples=200 if SOAK else 12,
    derandomize=not SOAK,
    deadline=None,
    database=None,
    phases=tuple(Phase) if SOAK else (Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
HOURS_SEEN = 9 * 24
"""From the beginning to the instant that models look from."""
MODELS = (
    "base/imported__events", "base/imported__records",
    "staging/stg_imported__events", "staging/stg_imported__records",
    "intermediate/int_case_values", "intermediate/int_case_stage_names",
    "intermediate/int_case_stage_places", "intermediate/int_case_stages",
    "intermediate/int_case_stage_events", "intermediate/int_case_stage_events_arbitrated",
    "intermediate/int_case_stage_entries", "marts/case_stints",
)  # fmt: skip
_LOADS = re.compile(r"read_parquet\(\[.*?\], union_by_name", re.DOTALL)

Event = tuple[str, str, int, int]
"""Case, stage, hours since the beginning, id."""


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Draw histories with loops, skips and ties: few stages, few instants, ids of their own."""
    told = st.tuples(st.sampled_from("xyz"), st.sampled_from("ABCD"), st.integers(0, 4))
    events = draw(st.lists(told, min_size=1, max_size=14))
    numbers = draw(st.permutations(range(5, 5 + len(events))))
    return [(*event, number) for event, number in zip(events, numbers, strict=True)]


def read_one_by_one(events: Sequence[Event]) -> list[tuple[Any, ...]]:
    """Return the stays as somebody would write them down who reads each case's events in order."""
    stays: list[tuple[Any, ...]] = []
    for case in sorted({event[0] for event in events}):
        told = sorted((hours, number, stage) for of, stage, hours, number in events if of == case)
        path: list[tuple[str, int]] = []
        for hours, _, stage in told:
            if not path or path[-1][0] != stage:
                path.append((stage, hours))
        for number, (stage, hours) in enumerate(path):
            passes = sum(other == stage for other, _ in path[: number + 1])
            after = path[number + 1] if number + 1 < len(path) else (None, None)
            stays.append((case, number + 1, stage, passes, hours, after[1], after[0]))
    return stays


def compiled_sql(compiled: Path, layer: str, model: str) -> str:
    """Return a model's SQL, in whichever folder of its layer it stands."""
    [found] = (compiled / layer).rglob(f"{model}.sql")
    return found.read_text("utf-8")


class Engine:
    """The compiled models on a database in memory."""

    def __init__(self, home: Home) -> None:
        compiled = home.folder / "histories" / "f" / "dbt" / "compiled" / "leadcycle" / "models"
        self._compiled = {name: compiled_sql(compiled, *name.split("/")) for name in MODELS}
        warehouse = home.folder / "histories" / "f" / "warehouse.duckdb"
        self._db = duckdb.connect()
        self._db.execute("set TimeZone = 'UTC'; attach ':memory:' as warehouse")
        self._db.execute(f"attach '{warehouse}' as built (read_only)")
        for schema in ("base", "staging", "intermediate", "marts", "cfg"):
            self._db.execute(f"create schema warehouse.{schema}")
        for seed in ("cfg_settings", "cfg_stages", "cfg_stage_map"):
            self._db.execute(f"create table warehouse.cfg.{seed} as from built.cfg.{seed}")

    def stays(self, lake: Lake) -> list[tuple[Any, ...]]:
        """Return the stays that the models find in a lake."""
        for name, sql in self._compiled.items():
            layer, model = name.split("/")
            stream, query = model.removeprefix("imported__"), sql
            if stream in STREAMS:
                paths = ", ".join(f"'{path}'" for path in lake.paths(SYSTEM, stream))
                query = _LOADS.sub(f"read_parquet([{paths}], union_by_name", query)
            self._db.execute(f"create or replace table warehouse.{layer}.{model} as {query}")
        beginning = f"timestamptz '{BEGINNING.isoformat()}'"
        return self._db.execute(f"""
            select case_id, stint_number, stage_key, pass_number,
                cast(epoch(entered_at - {beginning}) / 3600 as integer),
                cast(epoch(exited_at - {beginning}) / 3600 as integer), next_stage_key
            from warehouse.marts.case_stints order by case_id, stint_number
        """).fetchall()


@pytest.fixture(scope="module")
def engine(homes: Callable[[], Home]) -> Engine:
    home = homes()
    text = "case,stage,at,id\nx,A,2026-01-01,1\n"
    late = (BEGINNING + timedelta(hours=HOURS_SEEN)).date()
    arguments = ("--case", "case", "--stage", "stage", "--at", "at", "--id", "id", "--as-of", late)
    assert home.run("import-history", home.write("f.csv", text), *arguments).code == 0
    return Engine(home)


@FEW
@given(events=histories(), files=st.integers(1, 3), random=st.randoms(use_true_random=False))
def test_shuffled_and_repeated_rows_give_the_same_stays(
    engine: Engine, tmp_path: Path, events: list[Event], files: int, random: Random
) -> None:
    lake = _imported(tmp_path, _dealt(events, files, random))

    assert engine.stays(lake) == read_one_by_one(events)


@FEW
@given(events=histories(), later=histories(), random=st.randoms(use_true_random=False))
def test_a_replay_as_of_an_instant_tells_what_was_stored_then(
    engine: Engine, tmp_path: Path, events: list[Event], later: list[Event], random: Random
) -> None:
    """What happened after `as_of` is in the lake by now, and seen from there it is not."""
    stored = engine.stays(_imported(tmp_path, [events]))
    after = [(case, stage, hours + HOURS_SEEN + 1, n + 100) for case, stage, hours, n in later]

    lake = _imported(tmp_path, _dealt(events + after, 2, random))

    assert engine.stays(lake) == stored


def _imported(folder: Path, files: Sequence[Sequence[Event]]) -> Lake:
    """Import files one after the other into a new lake."""
    shutil.rmtree(folder / "lake", ignore_errors=True)
    lake = Lake(str(folder / "lake"))
    begin(lake)
    for number, rows in enumerate(files):
        path = folder / f"{number}.csv"
        path.write_text("\n".join(("case,stage,at,id", *map(_line, rows))) + "\n", "utf-8")
        import_events(lake, path, FileForm("case", "stage", "at", id="id"), folder / "spill")
    return lake


def _dealt(events: Sequence[Event], files: int, random: Random) -> list[list[Event]]:
    """Put every event into some of the files, at least one, some of them twice, in any order."""
    dealt: list[list[Event]] = [[] for _ in range(files)]
    for event in events:
        for rows in random.sample(dealt, random.randint(1, files)):
            rows.extend([event] * random.randint(1, 2))
    for rows in dealt:
        random.shuffle(rows)
    return dealt


def _line(event: Event) -> str:
    case, stage, hours, number = event
    return f"{case},{stage},{(BEGINNING + timedelta(hours=hours)).isoformat()},{number}"
