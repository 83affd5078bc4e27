"""Random histories: arrival order, repetition and the cut into loads change nothing."""

import os
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.dbt.comparison import differing_tables
from tests.dbt.crm import Crms
from tests.dbt.histories import stories
from tests.dbt.lake import Lake, Row
from tests.dbt.reference import accepted_events
from tests.dbt.warehouse import Project, Warehouse

SOAK = os.environ.get("LEADCYCLE_SOAK") == "1"
FEW = settings(
    max_examples=60 if SOAK else 1,
    derandomize=not SOAK,
    deadline=None,
    database=None,
    phases=tuple(Phase) if SOAK else (Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
ROWS = 0 if SOAK else 120
"""Hypothesis tries the simplest story first, in which nobody moves: the one example of every test
run is to be another."""
BUILT_AT = ("2026-01-09T00:00:00Z", *["2026-02-10T00:00:00Z"] * SOAK, "2026-06-30T12:00:00Z")
"""Stories go on for weeks: at all but the last of these something is still to come."""
MODELS_AND_INVARIANTS = "--exclude test_type:generic test_type:unit"
OUTCOMES = ("marts.stage_stints", "marts.score_reasons", "sync.sync_hubspot__contacts")
EVENTS = """
    select events.*, not events.is_forward_only and (
        events.is_of_record or stages.authority in ('any', events.source_system)
        or coalesce(known.seen_at > events.occurred_at, true)
    ) as moves_anywhere
    from intermediate.int_stage_events as events
    join cfg.cfg_stages as stages using (stage_key)
    left join (
        select person_id, source_system as authority, min(created_at) as seen_at
        from intermediate.int_person_records group by all
    ) as known using (person_id, authority)
"""


def _outcome(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    return {table: warehouse.rows(f"from {table} order by all") for table in OUTCOMES}


def _scrambled(crms: Crms, cuts: int, random: Random) -> list[dict[str, list[Row]]]:
    """Deal every row into some of the loads, at least one, in any order."""
    loads: list[dict[str, list[Row]]] = [defaultdict(list) for _ in range(cuts)]
    for stream, rows in crms.rows.items():
        for row in random.sample(rows, len(rows)):
            for load in random.sample(loads, random.randint(1, cuts)):
                load[stream].append(row)
    return loads


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that makes a new folder for each example."""
    return lambda: Path(tmp_path_factory.mktemp("example"))


@FEW
@given(crms=stories(), cuts=st.integers(2, 3), random=st.randoms(use_true_random=False))
def test_however_rows_arrive_people_move_as_one_reading_event_by_event_would_say(
    project: Project, folders: Any, crms: Crms, cuts: int, random: Random
) -> None:
    assume(sum(map(len, crms.rows.values())) >= ROWS)
    in_order, scrambled = (
        _built(project, folders(), loads) for loads in ([crms.rows], _scrambled(crms, cuts, random))
    )
    assert _outcome(in_order) == _outcome(scrambled)
    assert _accepted_in_sql(scrambled) == _accepted_in_python(scrambled)


@FEW
@given(crms=stories(people=15), random=st.randoms(use_true_random=False))
def test_however_rows_arrive_what_is_kept_up_is_what_is_made_anew(
    project: Project, folders: Any, crms: Crms, random: Random
) -> None:
    """Only people with news are made anew, and time goes on: no table shows it."""
    assume(sum(map(len, crms.rows.values())) >= ROWS // 2)
    kept_up, anew = (Warehouse(project, folders() / "warehouse.duckdb") for _ in range(2))
    lake = Lake(folders() / "lake")
    for load, as_of in zip(_scrambled(crms, len(BUILT_AT), random), BUILT_AT, strict=True):
        lake.add_all(load)
        kept_up.keep_up(lake.loads, as_of)
    anew.keep_up(lake.loads, BUILT_AT[-1])

    assert differing_tables(kept_up.path, anew.path) == {}
    # The simplest stories have nothing that is still to come.
    assert SOAK or kept_up.rows("from intermediate.int_touched_people")


def _built(project: Project, folder: Path, loads: list[dict[str, list[Row]]]) -> Warehouse:
    """Land the loads one by one, base after each, and build everything after the last."""
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    for load in loads[:-1]:
        lake.add_all(load)
        warehouse.build(lake.loads, "run", flags="--select base")
    lake.add_all(loads[-1])
    warehouse.build(lake.loads, "build", flags=MODELS_AND_INVARIANTS)
    return warehouse


def _accepted_in_sql(warehouse: Warehouse) -> set[tuple[Any, ...]]:
    events = "intermediate.int_stage_events_arbitrated"
    return set(warehouse.rows(f"select person_id, stage_event_id from {events}"))


def _accepted_in_python(warehouse: Warehouse) -> set[tuple[str, str]]:
    stages = {stage["stage_key"]: stage for stage in warehouse.records("from cfg.cfg_stages")}
    return accepted_events(warehouse.records(EVENTS), stages)
