import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import errors
from connectors.hubspot import insisting
from connectors.sandbox.server import RunningSandbox, build_app, running_app
from tests.sandbox.conftest import Stage
from tests.survival.base import BaseModels
from tests.survival.roads import Stands
from tests.survival.ties import TIES
from tests.survival.truth import HUBSPOT, SALESFORCE
from tests.survival.world import World

pytest.register_assert_rewrite("tests.survival.histories", "tests.survival.crm_histories")

PEOPLE, SEED = 120, 11
MODELS = [
    *(f"salesforce__{name}" for name in SALESFORCE),
    *(f"hubspot__{name}" for name in (*HUBSPOT, *TIES)),
]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> BaseModels:
    """The SQL of the base models, compiled once."""
    return BaseModels.compile(MODELS, tmp_path_factory.mktemp("dbt"))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what contradicts itself, or is refused, be asked again at once."""
    monkeypatch.setattr(insisting, "WAITS", (0.0, 0.0))
    monkeypatch.setattr(errors, "PASSING", 0.0)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a company, drawn once; tests copy it."""
    state = tmp_path_factory.mktemp("company") / "state"
    build_app(state, PEOPLE, SEED).state.sandbox.close()
    return state


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """One server for all tests, since starting and ending one takes longer than most tests."""
    stage = Stage()
    with running_app(stage) as stage.url:
        yield stage


@pytest.fixture
def world(company: Path, stage: Stage, models: BaseModels, tmp_path: Path) -> Iterator[World]:
    """A company and a home of the test's own, nothing read yet."""
    state = Path(shutil.copytree(company, tmp_path / "state"))
    stage.app = build_app(state, PEOPLE, SEED)
    sandbox = stage.app.state.sandbox
    yield World(RunningSandbox(stage.url, sandbox.credentials(stage.url)), tmp_path, models)
    sandbox.close()


@pytest.fixture(scope="session")
def stands(
    company: Path, stage: Stage, models: BaseModels, tmp_path_factory: pytest.TempPathFactory
) -> Stands:
    """A larger company before anything is read, and after changes, with a home of before them."""
    return Stands(company, stage, models, tmp_path_factory.mktemp("stands"))
