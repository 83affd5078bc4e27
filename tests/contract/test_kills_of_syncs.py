"""kill -9 while a plan is sent over real HTTP: the next run alone mends it, and sends nothing twice
but what was in flight."""

import random
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from pipelines.sync.store import StateStore
from tests.contract.conftest import Sandbox
from tests.contract.syncing import BATCH, FIELD, SYNC, Scene, start, sync_once

SOME_MOMENTS, ALL_MOMENTS = 6, 300
IN_FLIGHT = SYNC.in_flight * BATCH


def moments() -> list[Any]:
    """Return shares of a run's time and a score for each, drawn at random; few in every run."""
    chance = random.Random(7)
    return [
        pytest.param(
            chance.random(), number + 1, marks=() if number < SOME_MOMENTS else pytest.mark.soak
        )
        for number in range(ALL_MOMENTS)
    ]


@pytest.fixture(scope="module")
def portal(unlimited: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """HubSpot with our field."""
    scene = Scene(unlimited.hubspot, tmp_path_factory.mktemp("provision"))
    scene.connect().provision("contacts", SYNC.own_fields())
    return unlimited


@pytest.fixture
def scene(portal: Sandbox, tmp_path: Path) -> Scene:
    return Scene(portal.hubspot, tmp_path)


@pytest.fixture(scope="module")
def seconds(portal: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a run takes that nobody kills."""
    scene = Scene(portal.hubspot, tmp_path_factory.mktemp("undisturbed"))
    began, process = monotonic(), start(scene, 1_000)
    process.join(60)
    assert process.exitcode == 0
    assert set(scene.times_sent().values()) == {1}
    return monotonic() - began


@pytest.mark.parametrize(("share", "score"), moments())
def test_a_kill_at_a_random_moment_is_mended_by_the_next_run(
    scene: Scene, seconds: float, share: float, score: int
) -> None:
    process = start(scene, score)
    sleep(share * seconds)
    process.kill()
    process.join()
    before = scene.times_sent()

    account = sync_once(scene, score)

    held, sent = scene.held(), scene.times_sent()
    twice = [record_id for record_id, times in sent.items() if times > 1]
    assert set(held.values()) == {score}, FIELD
    assert set(sent) == set(held)
    assert max(sent.values()) <= 2
    assert len(twice) <= IN_FLIGHT
    assert account.written + account.rejected == len(sent) - len(before) + len(twice)
    assert StateStore(scene.state_url).open_intents(SYNC) == []
