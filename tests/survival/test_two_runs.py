"""Two runs at once on one stream: the older one is fenced off, whenever it goes on."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.records import Crm
from pipelines.commit_points import CommitPoint
from tests.survival.intact import flaws
from tests.survival.outcomes import Outcome, run
from tests.survival.roads import ROADS, STREAMS, Stands, edit
from tests.survival.victims import Victim
from tests.survival.world import World

READINGS = {"hubspot": "list", "salesforce": "result"}
FENCED = ("FencedError", "LakeConflictError")
RACES = [pytest.param(n, marks=() if n < 1 else pytest.mark.soak) for n in range(20)]


@pytest.fixture(params=READINGS)
def crm(request: pytest.FixtureRequest) -> Crm:
    found: Crm = request.param
    return found


@pytest.fixture
def opened(stands: Stands, tmp_path: Path, crm: Crm) -> Iterator[World]:
    """The company before anything is read."""
    yield stands.world(ROADS[READINGS[crm]], tmp_path)
    stands.close()


def loads(world: World) -> list[Path]:
    return sorted(world.home.glob("lake/raw/*/*/*"))


@pytest.mark.parametrize("point", CommitPoint)
def test_a_stopped_run_that_wakes_after_a_newer_one_commits_nothing(
    opened: World, crm: Crm, point: CommitPoint
) -> None:
    older = Victim(opened.settings, crm, STREAMS[crm], (point, 1), signal.SIGSTOP)
    assert [older.hear(), older.hear()] == ["begun", "struck"]
    newer = Victim(opened.settings, crm, STREAMS[crm])
    assert [newer.hear(), newer.hear()] == ["begun", "whole"]
    kept, known = loads(opened), opened.known(crm, STREAMS[crm])
    assert known == opened.held(crm, STREAMS[crm])
    edit(opened, 3)
    older.wake()
    assert older.hear() in FENCED
    assert older.dies(within=60) == 0
    assert (loads(opened), opened.known(crm, STREAMS[crm]), flaws(opened)) == (kept, known, [])


@pytest.mark.parametrize("race", RACES)
def test_of_two_runs_that_race_none_claims_what_is_not_so(
    opened: World, crm: Crm, race: int
) -> None:
    runs = [Victim(opened.settings, crm, STREAMS[crm]) for _ in range(2)]
    assert [one.hear() for one in runs] == ["begun", "begun"]
    ends = {one.hear() for one in runs}
    held = opened.held(crm, STREAMS[crm])
    assert ends <= {*FENCED, "whole"}
    assert "whole" not in ends or opened.known(crm, STREAMS[crm]) == held
    assert run(opened, crm, STREAMS[crm]) == Outcome("whole")
    assert (opened.known(crm, STREAMS[crm]), flaws(opened)) == (held, [])
