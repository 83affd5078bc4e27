"""Random histories: arrival order, repetition and the cut into loads change nothing."""

import os
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.dbt.crm import Crms
from tests.dbt.histories import stories
from tests.dbt.lake import Lake, Row
from tests.dbt.reference import accepted_events
from tests.dbt.warehouse import Project, Warehouse

SOAK = os.environ.get("LEADCYCLE_SOAK") == "1"
FEW = settings(
    max_examples=60 if SOAK else 2,
    derandomize=not SOAK,
    deadline=None,
    database=None,
    phases=tuple(Phase) if SOAK else (Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
OUTCOMES = ("marts.stage_stints", "marts.score_reasons", "sync.sync_hubspot__contacts")
EVENTS = """
    select events.*, not events.is_forward_only and (
        stages.authority in ('any', events.source_system)
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
def test_arrival_does_not_matter(
    project: Project, folders: Any, crms: Crms, cuts: int, random: Random
) -> None:
    outcomes = []
    for loads in ([crms.rows], _scrambled(crms, cuts, random)):
        folder = folders()
        lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
        for load in loads:
            lake.add_all(load)
            warehouse.build(lake.loads, "run", flags="--select base")
        warehouse.build(lake.loads)
        outcomes.append(_outcome(warehouse))
    assert outcomes[0] == outcomes[1]


@FEW
@given(crms=stories(people=40))
def test_arbitration_equals_reading_events_one_by_one(
    project: Project, folders: Any, crms: Crms
) -> None:
    folder = folders()
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    lake.add_all(crms.rows)
    warehouse.build(lake.loads)
    stages = {stage["stage_key"]: stage for stage in warehouse.records("from cfg.cfg_stages")}
    found = warehouse.rows(
        "select person_id, stage_event_id from intermediate.int_stage_events_arbitrated"
    )
    assert set(found) == accepted_events(warehouse.records(EVENTS), stages)
    warehouse.build(lake.loads, "test", flags="--select test_type:singular")
