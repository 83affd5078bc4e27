"""kill -9 at every instant of committing and at random moments: the next run alone mends it."""

import random
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import pytest

from connectors.records import Crm
from pipelines.commit_points import CommitPoint
from tests.survival.intact import content, flaws
from tests.survival.outcomes import Outcome, run
from tests.survival.roads import ROADS, STREAMS, Stands
from tests.survival.victims import Victim
from tests.survival.world import HOUR, World

ONCE = (CommitPoint.CLAIM_MADE, CommitPoint.LEFTOVERS_REMOVED)
"""A run passes these once, all others several times."""
DETAILS = {"hubspot": ("contact_histories", "contact_associations"), "salesforce": ()}
READINGS = {
    ("hubspot", "first"): "list",
    ("hubspot", "increment"): "search",
    ("salesforce", "first"): "result",
    ("salesforce", "increment"): "rest-increment",
}
"""A road that each reading takes."""
SOME_MOMENTS, ALL_MOMENTS = 6, 200

Reading = Literal["first", "increment"]


def instants() -> list[Any]:
    """Return every point at its first and a later passing, in each reading of each CRM.

    In every test run each point is met in both CRMs, by turns in first reads and increments.
    """
    found = []
    for turn, point in enumerate(CommitPoint):
        for number in (1,) if point in ONCE else (1, 2):
            for place, reading in enumerate(READINGS):
                is_later = number > 1 or (point in ONCE and place > 1)
                often = (turn + place + place // 2) % 2 == 0 and is_later == (place > 1)
                marks = () if often else pytest.mark.soak
                found.append(pytest.param(point, number, *reading, marks=marks))
    return found


def moments() -> list[Any]:
    """Return shares of a reading's time, drawn at random; few of them in every test run."""
    found, chance = [], random.Random(11)
    for number in range(ALL_MOMENTS):
        marks = () if number < SOME_MOMENTS else pytest.mark.soak
        reading = list(READINGS)[number % len(READINGS)]
        found.append(pytest.param(chance.random(), *reading, marks=marks))
    return found


@dataclass(frozen=True)
class Undisturbed:
    """What comes of a reading that nobody kills."""

    details: dict[str, Any]
    seconds: float


@pytest.fixture
def expected(
    undisturbed: Callable[[Crm, Reading], Undisturbed], crm: Crm, reading: Reading
) -> Undisturbed:
    return undisturbed(crm, reading)


@pytest.fixture
def opened(
    stands: Stands, expected: Undisturbed, tmp_path: Path, crm: Crm, reading: Reading
) -> Iterator[World]:
    """The company just before a reading, two hours after the last one: all duties are due."""
    world = stands.world(ROADS[READINGS[crm, reading]], tmp_path)
    world.admin.advance(2 * HOUR)
    yield world
    stands.close()


@pytest.fixture(scope="module")
def undisturbed(
    stands: Stands, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Crm, Reading], Undisturbed]:
    """Read once without a kill, and return what came of it."""

    @cache
    def undisturbed(crm: Crm, reading: Reading) -> Undisturbed:
        world = stands.world(ROADS[READINGS[crm, reading]], tmp_path_factory.mktemp("undisturbed"))
        world.admin.advance(2 * HOUR)
        victim = Victim(world.settings, crm, STREAMS[crm])
        began, words = monotonic(), [victim.hear(), victim.hear()]
        seconds = monotonic() - began
        assert words == ["begun", "whole"]
        found = Undisturbed(content(world, crm, *DETAILS[crm]), seconds)
        stands.close()
        return found

    return undisturbed


@pytest.mark.parametrize(("point", "number", "crm", "reading"), instants())
def test_a_kill_at_an_instant_of_committing_is_mended_by_the_next_run(
    expected: Undisturbed, opened: World, crm: Crm, point: CommitPoint, number: int
) -> None:
    victim = Victim(opened.settings, crm, STREAMS[crm], (point, number))
    assert victim.dies() == -signal.SIGKILL
    expect_mended(opened, crm, expected)


@pytest.mark.parametrize(("share", "crm", "reading"), moments())
def test_a_kill_at_a_random_moment_is_mended_by_the_next_run(
    expected: Undisturbed, opened: World, crm: Crm, share: float
) -> None:
    victim = Victim(opened.settings, crm, STREAMS[crm])
    assert victim.hear() == "begun"
    victim.dies(within=share * expected.seconds)
    assert victim.kill() in (-signal.SIGKILL, 0)
    expect_mended(opened, crm, expected)


def expect_mended(world: World, crm: Crm, expected: Undisturbed) -> None:
    """Run once: all records are in base once, and the lake has neither torn files nor gaps."""
    assert run(world, crm, STREAMS[crm]) == Outcome("whole")
    assert world.known(crm, STREAMS[crm]) == world.held(crm, STREAMS[crm])
    assert content(world, crm, *DETAILS[crm]) == expected.details
    assert flaws(world) == []
