"""Every kind of fault on every road: nothing lost, nothing twice, and no false success."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors import delivery
from connectors.retries import RetryPolicy
from connectors.salesforce import client as salesforce_client
from pipelines import crms
from tests.sandbox.conftest import Stage
from tests.survival.base import BaseModels
from tests.survival.outcomes import Outcome, dishonesty, run
from tests.survival.roads import BATCH_ROWS, NEVER_SPENT, ROADS, STREAMS, Stands
from tests.survival.world import World
from tests.unit.connectors.faketime import FakeTime

PLACES = ("first", "middle", "last")
BAD_BODIES: dict[str, dict[str, Any]] = {
    "drop": {"kind": "drop"},
    "after": {"kind": "after"},
    "delay": {"kind": "delay", "seconds": 0.05},
    "slow": {"kind": "slow", "bytes_per_second": 400_000},
    "stall": {"kind": "stall", "seconds": 0.05},
    "cut": {"kind": "cut"},
    "torn": {"kind": "torn"},
    "torn-at-line": {"kind": "torn", "at_line": True},
    "lost": {"kind": "lost"},
    "repeat": {"kind": "repeat"},
    "stale": {"kind": "stale"},
    "ahead": {"kind": "skew", "seconds": 3_600},
    "behind": {"kind": "skew", "seconds": -3_600},
    "meanwhile": {"kind": "meanwhile"},
    "html": {"preset": "html-with-200"},
    "too-long": {"preset": "uri-too-long"},
}
REFUSALS: dict[str, tuple[str, ...]] = {
    "hubspot": (
        *("ten-secondly", "secondly", "daily", "retry-after", "locked", "migration", "bad-token"),
        *("unauthorized", "missing-scope", "bad-gateway", "server-error", "quota-gone"),
    ),
    "salesforce": (
        *("session-ended", "all-sessions-ended", "quota-gone", "too-many-at-once", "row-locked"),
        *("query-timeout", "unavailable", "server-error"),
    ),
}


def faults_of(road: str) -> dict[str, dict[str, Any]]:
    """Return the faults that may strike a road, by name."""
    crm = ROADS[road].crm
    return BAD_BODIES | {name: {"preset": f"{crm}-{name}"} for name in REFUSALS[crm]}


def cases() -> Iterator[Any]:
    """Yield road, fault and place; one place of each in every test run, all of them in a soak."""
    for number, road in enumerate(ROADS):
        for turn, fault in enumerate(faults_of(road)):
            for place in PLACES:
                often = place == PLACES[(number + turn) % 3]
                marks = () if often else pytest.mark.soak
                yield pytest.param(road, fault, place, marks=marks)


@pytest.fixture(scope="module")
def stands(
    company: Path, stage: Stage, models: BaseModels, tmp_path_factory: pytest.TempPathFactory
) -> Stands:
    return Stands(company, stage, models, tmp_path_factory.mktemp("stands"))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let waits pass at once, and batches be small."""
    time = FakeTime()
    for module in (delivery, salesforce_client):
        monkeypatch.setattr(module, "Waiting", lambda: time.waiting)
    for name in ("SalesforceSource", "HubSpotSource"):
        small = partial(getattr(crms, name), batch_rows=BATCH_ROWS)
        monkeypatch.setattr(crms, name, small)


Opening = Callable[[str], World]


@pytest.fixture
def opening(stands: Stands, tmp_path: Path) -> Iterator[Opening]:
    """Open the company just before the reading of a road."""
    yield lambda road: stands.world(ROADS[road], tmp_path)
    stands.close()


@pytest.mark.parametrize(("road", "fault", "place"), cases())
def test_a_fault_costs_no_record(
    stands: Stands, tmp_path: Path, opening: Opening, road: str, fault: str, place: str
) -> None:
    length = stands.length(road, tmp_path / "measured")
    world, crm, stream = opening(road), ROADS[road].crm, STREAMS[ROADS[road].crm]
    skip = {"first": 0, "middle": length // 2, "last": length - 1}[place]
    order = {**faults_of(road)[fault], **ROADS[road].requests, "skip": skip}
    if fault == "meanwhile":
        order["requests"] = others(world, crm)
    before = world.held(crm, stream)
    world.fault(order)
    outcome = run(world, crm, stream)
    assert dishonesty(outcome, world.known(crm, stream), before, world.held(crm, stream)) == ""
    mend(world)
    assert run(world, crm, stream) == Outcome("whole")
    assert world.known(crm, stream) == world.held(crm, stream)


def others(world: World, crm: str) -> list[dict[str, Any]]:
    """Return what others do: the first, a middle and the last record are edited."""
    held = sorted(world.held(crm, STREAMS[crm]))
    chosen = (held[0], held[len(held) // 2], held[-1])
    name = "city" if crm == "hubspot" else "City"
    edits = [{"crm": crm, "record_id": one, "values": {name: "Rome"}, "user": 1} for one in chosen]
    return [{"path": "/__sandbox/edits", "body": body} for body in edits]


def mend(world: World) -> None:
    """Let nothing be wrong any more, and the next run be a minute later."""
    world.no_faults()
    for crm in STREAMS:
        world.admin("POST", "usage", {"crm": crm, "left": 90_000}).raise_for_status()
    world.admin.advance(60)
