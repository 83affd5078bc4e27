"""A company large enough that every road has several pages, and waits that pass at once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import delivery
from connectors.salesforce import client as salesforce_client
from connectors.sandbox.server import RunningSandbox, build_app
from pipelines.places import store_of
from tests.sandbox.conftest import Stage
from tests.survival.base import BaseModels
from tests.survival.conftest import PEOPLE, SEED
from tests.survival.eighteen.deeds import crowd
from tests.survival.world import World
from tests.unit.connectors.faketime import FakeTime


@pytest.fixture(scope="session")
def crowded(
    company: Path, stage: Stage, models: BaseModels, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The company with 240 more contacts and 40 more Leads, made once."""
    home = tmp_path_factory.mktemp("crowded")
    state = Path(shutil.copytree(company, home / "state"))
    stage.app = build_app(state, PEOPLE, SEED)
    sandbox = stage.app.state.sandbox
    world = World(RunningSandbox(stage.url, sandbox.credentials(stage.url)), home, models)
    crowd(world)
    sandbox.close()
    store_of(world.settings)  # Its tables are made once: tests copy them, too.
    return home


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """The product's own time: it passes at once."""
    time = FakeTime()
    for module in (delivery, salesforce_client):
        monkeypatch.setattr(module, "Waiting", lambda: time.waiting)
    return time


@pytest.fixture
def world(
    crowded: Path, stage: Stage, models: BaseModels, tmp_path: Path, time: FakeTime
) -> Iterator[World]:
    """The crowded company and a home of the test's own, nothing read yet."""
    del time
    state = Path(shutil.copytree(crowded / "state", tmp_path / "state"))
    shutil.copy(crowded / "state.sqlite", tmp_path)
    stage.app = build_app(state, PEOPLE, SEED)
    sandbox = stage.app.state.sandbox
    yield World(RunningSandbox(stage.url, sandbox.credentials(stage.url)), tmp_path, models)
    sandbox.close()
