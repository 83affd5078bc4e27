"""Every kind of fault on every road: nothing lost, nothing twice, and no false success."""

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors import delivery
from connectors.retries import RetryPolicy
from connectors.salesforce import client as salesforce_client
from pipelines import crms
from tests.survival.faults import PLACES, edits_of, faults_of, order
from tests.survival.outcomes import Outcome, dishonesty, run
from tests.survival.roads import BATCH_ROWS, NEVER_SPENT, ROADS, STREAMS, Road, Stands
from tests.survival.truth import Records
from tests.survival.world import World
from tests.unit.connectors.faketime import FakeTime

ALONE = [(road, fault, place) for road in ROADS for fault in faults_of(road) for place in PLACES]
BUNDLE = (*PLACES, "middle")
TOGETHER = [
    (roads, start)
    for roads in (("list",), ("search", "batch"), ("rest",), ("job", "poll", "pages", "result"))
    for start in range(0, len(faults_of(roads[0])), len(BUNDLE))
]
"""Roads of one reading, each struck by four faults from a number on: every fault on every road."""


@dataclass
class Struck:
    """A company before a reading that meets faults."""

    world: World
    road: Road
    before: Records
    """What the CRM holds before it."""

    def run(self) -> Outcome:
        return run(self.world, self.road.crm, STREAMS[self.road.crm])

    @property
    def known(self) -> Records:
        return self.world.known(self.road.crm, STREAMS[self.road.crm])

    @property
    def held(self) -> Records:
        return self.world.held(self.road.crm, STREAMS[self.road.crm])

    def mend(self) -> None:
        """Let nothing be wrong any more, and the next run be a minute later."""
        self.world.no_faults()
        body = {"crm": self.road.crm, "left": 90_000}
        self.world.admin("POST", "usage", body).raise_for_status()
        self.world.admin.advance(60)


Striking = Callable[..., Struck]


@pytest.fixture
def strike(stands: Stands, tmp_path: Path, hurry: None) -> Iterator[Striking]:
    """Open the company just before a reading and order faults, by road, name and place."""

    def strike(*faults: tuple[str, str, str], **more: int) -> Struck:
        lengths = {road: stands.length(road, tmp_path / road) for road, _, _ in faults}
        road = ROADS[faults[0][0]]
        struck = Struck(stands.world(road, tmp_path), road, stands.held(road))
        for name, fault, place in faults:
            skip = {"first": 0, "middle": lengths[name] // 2, "last": lengths[name] - 1}[place]
            meanwhile = {"requests": edits_of(name, sorted(struck.before))}
            struck.world.fault(
                order(name, fault, skip, **more, **(meanwhile if fault == "meanwhile" else {}))
            )
        return struck

    yield strike
    stands.close()


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let waits pass at once, and batches be small."""
    time = FakeTime()
    for module in (delivery, salesforce_client):
        monkeypatch.setattr(module, "Waiting", lambda: time.waiting)
    for name in ("SalesforceSource", "HubSpotSource"):
        small = partial(getattr(crms, name), batch_rows=BATCH_ROWS)
        monkeypatch.setattr(crms, name, small)


@pytest.mark.parametrize(("roads", "start"), TOGETHER)
def test_faults_on_every_road_cost_no_record(
    strike: Striking, roads: tuple[str, ...], start: int
) -> None:
    some = list(faults_of(roads[0]))[start : start + len(BUNDLE)]
    pairs = list(zip(some, BUNDLE, strict=False))
    expect_nothing_lost(strike(*((road, *pair) for road in roads for pair in pairs)))


@pytest.mark.soak
@pytest.mark.parametrize(("road", "fault", "place"), ALONE)
def test_a_fault_alone_costs_no_record(strike: Striking, road: str, fault: str, place: str) -> None:
    expect_nothing_lost(strike((road, fault, place)))


def expect_nothing_lost(struck: Struck) -> None:
    """Run among the faults, then once more without: that one is whole, and base is right."""
    outcome = struck.run()
    held = struck.held
    assert dishonesty(outcome, struck.known, struck.before, held) == ""
    struck.mend()
    assert struck.run() == Outcome("whole")
    assert struck.known == held


LASTING = ("server-error", "html", "drop", "cut", "torn", "lost", "repeat")
DETOURS = {
    *(("search", "lost"), ("search", "repeat")),
    *(("job", "lost"), ("job", "repeat"), ("poll", "lost"), ("poll", "repeat")),
    *(("pages", "lost"), ("result", "repeat")),
}
"""What a reading gets around, or what takes nothing from such an answer."""


def lasting() -> list[Any]:
    """Return a lasting fault of each kind on each road, a few of them in every test run."""
    roads = [road for road in ROADS if not road.endswith("-increment")]
    return [
        pytest.param(road, fault, marks=() if (row + column) % 4 == 0 else pytest.mark.soak)
        for row, road in enumerate(roads)
        for column, fault in enumerate(LASTING)
    ]


@pytest.mark.parametrize(("road", "fault"), lasting())
def test_a_fault_that_stays_is_got_around_or_named_with_what_to_do(
    strike: Striking, road: str, fault: str
) -> None:
    struck = strike((road, fault, "middle"), count=NEVER_SPENT)
    outcome = struck.run()
    assert dishonesty(outcome, struck.known, struck.before, struck.before) == ""
    assert outcome.status == ("whole" if (road, fault) in DETOURS else "failed")
    assert outcome.status == "whole" or {"where:", "->"} <= set(outcome.why.split())
    struck.mend()
    assert struck.run() == Outcome("whole")
    assert struck.known == struck.before


@pytest.mark.parametrize(("road", "fault"), [("list", "stall"), ("result", "delay")])
def test_silence_beyond_the_time_out_is_an_answer_that_broke_off(
    strike: Striking, monkeypatch: pytest.MonkeyPatch, road: str, fault: str
) -> None:
    monkeypatch.setattr(delivery, "RetryPolicy", lambda: RetryPolicy(read_timeout=1.5))
    struck = strike((road, fault, "middle"), seconds=5)
    result = struck.world.extract(struck.road.crm, STREAMS[struck.road.crm])
    assert (result.status, result.calls.retried) == ("whole", 1)
    assert struck.known == struck.before


@pytest.mark.parametrize("road", ["list", "batch", "result"])
def test_when_a_run_has_ended_nobody_asks_any_more(strike: Striking, road: str) -> None:
    gc.disable()
    try:
        assert strike((road, "quota-gone", "middle")).run().status == "partial"
        names = [thread.name for thread in threading.enumerate()]
    finally:
        gc.enable()
    assert [name for name in names if name.startswith(("ahead", "hubspot", "salesforce"))] == []
