"""kill -9 at every instant of committing and at random moments: the next run alone mends it."""

import random
import signal
from collections.abc import Iterator
from pathlib import Path
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


def instants() -> Iterator[Any]:
    """Yield every point at its first and a later passing, in each reading of each CRM.

    In every test run each point is met in both CRMs, by turns in first reads and increments.
    """
    for turn, point in enumerate(CommitPoint):
        for number in (1,) if point in ONCE else (1, 2):
            for place, reading in enumerate(READINGS):
                often = number == (1 if point in ONCE else 1 + place // 2)
                often = often and (turn + place + place // 2) % 2 == 0
                marks = () if often else pytest.mark.soak
                yield pytest.param(point, number, *reading, marks=marks)


@pytest.fixture
def opened(stands: Stands, tmp_path: Path, crm: Crm, reading: Reading) -> Iterator[World]:
    """The company just before a reading, two hours after the last one: all duties are due."""
    world = stands.world(ROADS[READINGS[crm, reading]], tmp_path)
    world.admin.advance(2 * HOUR)
    yield world
    stands.close()


@pytest.fixture(scope="module")
def undisturbed(
    stands: Stands, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], dict[str, Any]]:
    """What the details hold after each reading, where nobody was killed."""
    found = {}
    for (crm, reading), road in READINGS.items():
        world = stands.world(ROADS[road], tmp_path_factory.mktemp("undisturbed"))
        world.admin.advance(2 * HOUR)
        assert run(world, crm, STREAMS[crm]) == Outcome("whole")
        found[crm, reading] = content(world, crm, *DETAILS[crm])
        stands.close()
    return found


@pytest.mark.parametrize(("point", "number", "crm", "reading"), instants())
def test_a_kill_at_an_instant_of_committing_is_mended_by_the_next_run(
    opened: World,
    undisturbed: dict[tuple[str, str], Any],
    point: CommitPoint,
    number: int,
    crm: Crm,
    reading: Reading,
) -> None:
    victim = Victim(opened.settings, crm, STREAMS[crm], (point, number))
    assert victim.dies() == -signal.SIGKILL
    expect_mended(opened, crm, undisturbed[crm, reading])


@pytest.mark.parametrize(("crm", "reading"), READINGS)
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(n, marks=() if n < 1 else pytest.mark.soak)
        for n in range(ALL_MOMENTS // len(READINGS))
    ],
)
def test_a_kill_at_a_random_moment_is_mended_by_the_next_run(
    opened: World, undisturbed: dict[tuple[str, str], Any], number: int, crm: Crm, reading: Reading
) -> None:
    victim = Victim(opened.settings, crm, STREAMS[crm])
    assert victim.hear() == "begun"
    victim.dies(within=random.Random(f"{number} {crm} {reading}").uniform(0, 1))
    print("KILLED", number, crm, reading, victim.kill())
    expect_mended(opened, crm, undisturbed[crm, reading])


def expect_mended(world: World, crm: Crm, details: dict[str, Any]) -> None:
    """Run once: all records are in base once, and the lake has neither torn files nor gaps."""
    assert run(world, crm, STREAMS[crm]) == Outcome("whole")
    assert world.known(crm, STREAMS[crm]) == world.held(crm, STREAMS[crm])
    assert content(world, crm, *DETAILS[crm]) == details
    assert flaws(world) == []
